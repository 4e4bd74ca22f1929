import { render } from 'preact';
import { App } from './app.tsx';
import { Lesson } from './model/lesson.ts';
import { topics } from './model/topics.ts';

const page = document.getElementById('page');
if (page) render(<App lesson={new Lesson(topics[0]!)} />, page);
