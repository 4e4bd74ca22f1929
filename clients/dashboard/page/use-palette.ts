import { useEffect, useState } from 'preact/hooks';
import { type Palette, readPalette } from './palette.ts';
import type { Preferences } from './preferences.ts';

/** The palette of the present theme; another object only when the colours are others. */
export function usePalette(theme: Preferences['theme']): Palette {
  const [palette, setPalette] = useState(readPalette);
  useEffect(() => {
    const read = (): void => setPalette(readPalette());
    const system = matchMedia('(prefers-color-scheme: dark)');
    read();
    system.addEventListener('change', read);
    return () => system.removeEventListener('change', read);
  }, [theme]);
  return palette;
}
