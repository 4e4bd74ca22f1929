import { useEffect, useRef } from 'preact/hooks';

/** What single keys do, by the key in lower case. */
export type Shortcuts = Readonly<Record<string, () => void>>;

/** Listens for single keys anywhere on the page, except where text is typed or chosen. */
export function useShortcuts(shortcuts: Shortcuts, isOn: boolean): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent): void => {
      const target = event.target as HTMLElement;
      const isTyping = target.matches('input, select, textarea, dialog *');
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      latest.current[event.key.toLowerCase()]?.();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, [isOn]);
}
