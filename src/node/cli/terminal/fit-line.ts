/** The sequences that set colours. */
const escapes = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`);

/** A line with colours, cut to so many characters that are seen; an ellipsis stands for the rest. */
export const fitLine = (line: string, width: number): string => {
  const parts = line.split(escapes);
  const length = parts.reduce((sum, part, i) => sum + (i % 2 === 0 ? lengthOf(part) : 0), 0);
  if (length <= width) return line;
  let left = Math.max(0, width - 1);
  let isCut = false;
  // Sequences after the cut are kept: they end the colours that were begun.
  return parts
    .map((part, i) => {
      if (i % 2 === 1) return part;
      if (isCut) return '';
      const characters = [...part];
      if (characters.length <= left) {
        left -= characters.length;
        return part;
      }
      isCut = true;
      return `${characters.slice(0, left).join('')}…`;
    })
    .join('');
};

const lengthOf = (text: string): number => [...text].length;
