/// <reference types="vite/client" />

/**
 * What members of a family bring for their contract suite, by the member's name: `macro-f1.ts` brings that
 * of `macroF1`. The argument is what `import.meta.glob` finds, eagerly, of one export.
 */
export const subjectsIn = <Subject>(found: Record<string, unknown>): Map<string, Subject> =>
  new Map(
    Object.entries(found).map(([path, subject]) => [memberOf(path), subject as Subject] as const),
  );

const memberOf = (path: string): string => {
  const file = path.slice(path.lastIndexOf('/') + 1, -'.ts'.length);
  return file.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
};
