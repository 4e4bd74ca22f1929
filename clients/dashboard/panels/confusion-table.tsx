import type { JSX } from 'preact';
import { type Confusion, mixUps } from '../reduce/confusion.ts';

/** A table with more classes than this is no longer read. */
const MOST_CLASSES = 24;

/** Truth down, guesses across; the diagonal is right, anything else is a mix-up. */
export function ConfusionTable({ confusion }: { confusion: Confusion }): JSX.Element {
  const { classes, counts } = confusion;
  if (classes.length > MOST_CLASSES) return <MixUps confusion={confusion} />;
  const strongest = Math.max(1, ...counts.map((row, index) => row[index] ?? 0));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="Confusion table">
      <table class="confusion">
        <caption class="unseen">How often each class (row) was taken for each (column)</caption>
        <thead>
          <tr>
            <th scope="col" class="corner">
              is ↓ said →
            </th>
            {classes.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {classes.map((name, truth) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {classes.map((other, said) => {
                const count = counts[truth]?.[said] ?? 0;
                const share = count / (truth === said ? strongest : confusion.worst);
                return <Cell key={other} {...{ count, share, isRight: truth === said }} />;
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Shades are steps, so that a changed count by one changes no style. */
const LEVELS = 6;

function Cell(props: { count: number; share: number; isRight: boolean }): JSX.Element {
  const { count, share, isRight } = props;
  const level = count === 0 ? 0 : Math.max(1, Math.ceil(share * LEVELS));
  return <td class={`${isRight ? 'right' : 'wrong'} level-${level}`}>{count || '·'}</td>;
}

function MixUps({ confusion }: { confusion: Confusion }): JSX.Element {
  return (
    <ul class="mix-ups">
      {mixUps(confusion, 12).map(({ truth, said, count }) => (
        <li key={`${truth} ${said}`}>
          {count} × <b>{truth}</b> taken for <b>{said}</b>
        </li>
      ))}
    </ul>
  );
}
