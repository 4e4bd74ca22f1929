import { useEffect, useState } from 'preact/hooks';

/** What a reader may choose; kept in the browser. */
export interface Preferences {
  readonly theme: 'system' | 'light' | 'dark';
  readonly scale: 'log' | 'linear';
  /** Whether a summary is read out every few seconds. */
  readonly isSpoken: boolean;
  /** Whether single keys are commands. */
  readonly hasShortcuts: boolean;
}

const KEY = 'rivulet.preferences';
const DEFAULTS: Preferences = {
  theme: 'system',
  scale: 'log',
  isSpoken: true,
  hasShortcuts: true,
};

/** The preferences and a way to change some of them. A browser that keeps nothing is fine. */
export function usePreferences(): [Preferences, (change: Partial<Preferences>) => void] {
  const [preferences, set] = useState(stored);
  useEffect(() => {
    const root = document.documentElement;
    if (preferences.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = preferences.theme;
    store(preferences);
  }, [preferences]);
  return [preferences, (change) => set((before) => ({ ...before, ...change }))];
}

function stored(): Preferences {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '{}');
    return { ...DEFAULTS, ...(kept as Partial<Preferences>) };
  } catch {
    return DEFAULTS;
  }
}

function store(preferences: Preferences): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Storage may be full or forbidden; the choice then lasts as long as the page.
  }
}
