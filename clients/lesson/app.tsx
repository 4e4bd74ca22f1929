import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { DescentView } from './descent/descent-view.tsx';
import type { Lesson } from './model/lesson.ts';
import { FollowView } from './show/follow-view.tsx';
import { Tour } from './tour/tour.tsx';

const views = { follow: 'Follow a sample', descent: 'Descent' } as const;

type View = keyof typeof views;

const viewInAddress = (): View => (location.hash === '#descent' ? 'descent' : 'follow');

/** The lesson: how a network learns, in its own numbers. */
export function App({ lesson }: { lesson: Lesson }): JSX.Element {
  const [view, setView] = useState(viewInAddress);
  const [isTouring, tour] = useState(false);
  useEffect(() => {
    const follow = (): void => setView(viewInAddress());
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  const [isFollowing, setFollowing] = useState(view === 'follow');
  if (view === 'follow' && !isFollowing) setFollowing(true);
  useLitTwins();
  return (
    <>
      <header class="top">
        <h1>
          Rivulet <span>lesson</span>
        </h1>
        <nav aria-label="Parts of the lesson">
          {Object.entries(views).map(([name, title]) => (
            <a key={name} href={`#${name}`} aria-current={name === view ? 'page' : undefined}>
              {title}
            </a>
          ))}
        </nav>
        <button
          type="button"
          class="button"
          onClick={() => {
            location.hash = '#follow';
            tour(true);
          }}
        >
          Take the tour
        </button>
        <ThemeChoice />
      </header>
      <main>
        {view === 'descent' && <DescentView />}
        {/* It stays where it is, connection and all, while another part is shown. */}
        {isFollowing && (
          <div hidden={view !== 'follow'}>
            <FollowView lesson={lesson} />
          </div>
        )}
      </main>
      {isTouring && <Tour onEnd={() => tour(false)} />}
      <footer>
        Everything here is computed in this page, by the same code that learns in a server.
      </footer>
    </>
  );
}

function ThemeChoice(): JSX.Element {
  const [theme, setTheme] = useState('system');
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === 'system') delete dataset['theme'];
    else dataset['theme'] = theme;
  }, [theme]);
  return (
    <label class="theme">
      <span class="unseen">Colours</span>
      <select value={theme} onChange={({ currentTarget: { value } }) => setTheme(value)}>
        {['system', 'light', 'dark'].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </select>
    </label>
  );
}

/** A number that is pointed at or focused is lit wherever it stands on the page. */
const useLitTwins = (): void => {
  useEffect(() => {
    const light = ({ target }: Event): void => {
      for (const lit of document.querySelectorAll('.twin')) lit.classList.remove('twin');
      const id = (target as Element).closest?.('[data-quantity]')?.getAttribute('data-quantity');
      if (!id) return;
      const twins = document.querySelectorAll(`[data-quantity="${CSS.escape(id)}"]`);
      for (const twin of twins) twin.classList.add('twin');
    };
    const kinds = ['pointerover', 'focusin'];
    for (const kind of kinds) document.addEventListener(kind, light);
    return () => {
      for (const kind of kinds) document.removeEventListener(kind, light);
    };
  }, []);
};
