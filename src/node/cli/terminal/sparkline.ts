import { log } from '../../../math/log.ts';

const bars = [...'▁▂▃▄▅▆▇█'];

/**
 * Numbers as a line of bars, lowest to highest. On a logarithmic scale where all are positive and
 * far apart, so that a falling cost is seen to fall to the end. What is not finite is a `×`.
 */
export const sparkline = (values: readonly number[]): string => {
  const finite = values.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const scale = low > 0 && high / low > 4 ? log : (value: number) => value;
  const [from, span] = [scale(low), scale(high) - scale(low)];
  const bar = (value: number): string => {
    if (!Number.isFinite(value)) return '×';
    const share = span > 0 ? (scale(value) - from) / span : 0;
    return bars[Math.round(share * (bars.length - 1))]!;
  };
  return values.map(bar).join('');
};

/** A share in [0, 1] as a bar of `width` characters. */
export const shareBar = (share: number, width: number): string => {
  const filled = Math.round(Math.max(0, Math.min(1, share)) * width) || 0;
  return '█'.repeat(filled) + '░'.repeat(width - filled);
};
