/** What makes a part of a formula or a drawing a button; there HTML's own button cannot stand. */
export const pickable = (label: string, pick: () => void) =>
  ({
    role: 'button',
    tabIndex: 0,
    'aria-label': label,
    onClick: pick,
    onKeyDown(event: KeyboardEvent) {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      pick();
    },
  }) as const;
