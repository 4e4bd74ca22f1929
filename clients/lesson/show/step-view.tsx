import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { LessonStep } from '../model/steps.ts';
import type { WhyGraph } from '../why/why-graph.ts';
import { MathView } from './math-view.tsx';
import { Pick } from './pick.tsx';

/** What the view of a step is given. */
export interface StepViewProps {
  readonly graph: WhyGraph;
  readonly step: LessonStep;
  readonly onPick: (id: string) => void;
}

/** One step of the pass: in words, as a whole layer, and element by element. */
export function StepView({ graph, step, onPick }: StepViewProps): JSX.Element {
  const [chosen, choose] = useState({ step: step.id, id: firstOf(step) });
  const id = chosen.step === step.id ? chosen.id : firstOf(step);
  const show = (next: string): void => choose({ step: step.id, id: next });
  return (
    <div class="step stack">
      <p class="about">{step.about}</p>
      <div class="two-ways">
        <section class="stack" aria-label="As matrices">
          <h3>As matrices</h3>
          <MathView formula={step.matrix} />
          <p class="shapes">{step.shapes}</p>
          {step.units && <UnitList graph={graph} units={step.units} shown={id} onShow={show} />}
          {step.weights && (
            <WeightGrid
              graph={graph}
              weights={step.weights}
              shown={id}
              onShow={step.units ? onPick : show}
            />
          )}
        </section>
        <section class="stack" aria-label="Element by element">
          <h3>Element by element</h3>
          {[...(step.before?.(id) ?? []), id].map((part) => (
            <Element key={part} graph={graph} id={part} onPick={onPick} />
          ))}
        </section>
      </div>
    </div>
  );
}

/** One number: its equation in symbols and in numbers, and its value. */
function Element({
  graph,
  id,
  onPick,
}: {
  graph: WhyGraph;
  id: string;
  onPick: (id: string) => void;
}): JSX.Element {
  const { title, symbol, equation, reason } = graph.get(id);
  return (
    <div class="element stack">
      <p class="element-title">{title}</p>
      <section class="equations" tabindex={0} aria-label={title}>
        <MathView formula={equation?.symbols ?? symbol} />
        {equation && (
          <MathView
            formula={equation.numbers}
            onPick={onPick}
            titleOf={(other) => graph.get(other).title}
          />
        )}
      </section>
      <p class="result">
        = <Pick graph={graph} id={id} onPick={onPick} />
      </p>
      <p class="hint">{reason}</p>
    </div>
  );
}

const firstOf = ({ units, weights }: LessonStep): string => units?.[0] ?? weights!.id(0, 0);

function UnitList({
  graph,
  units,
  shown,
  onShow,
}: {
  graph: WhyGraph;
  units: readonly string[];
  shown: string;
  onShow: (id: string) => void;
}): JSX.Element {
  const largest = Math.max(...units.map((id) => Math.abs(graph.get(id).value)), 1e-12);
  return (
    <section class="unit-list" tabindex={0} aria-label="The numbers of this layer">
      {units.map((id, index) => {
        const { value } = graph.get(id);
        return (
          <div key={id} class={id === shown ? 'unit-row shown' : 'unit-row'} data-quantity={id}>
            <button
              type="button"
              class="link"
              aria-label={`Show ${graph.get(id).title}`}
              aria-pressed={id === shown}
              onClick={() => onShow(id)}
            >
              {index + 1}
            </button>
            <meter
              aria-hidden="true"
              class={value < 0 ? 'bar negative' : 'bar'}
              min={0}
              max={largest}
              value={Math.abs(value)}
            />
            <Pick graph={graph} id={id} onPick={onShow} />
          </div>
        );
      })}
    </section>
  );
}

const rowsShown = 6;
const columnsShown = 6;

/** A part of a matrix, with buttons to move it over the whole. */
function WeightGrid({
  graph,
  weights: { rows, columns, id },
  shown,
  onShow,
}: {
  graph: WhyGraph;
  weights: NonNullable<LessonStep['weights']>;
  shown: string;
  onShow: (id: string) => void;
}): JSX.Element {
  const [at, move] = useState({ row: 0, column: 0 });
  const row = Math.min(at.row, Math.max(0, rows - rowsShown));
  const column = Math.min(at.column, Math.max(0, columns - columnsShown));
  const rowRange = from(row, Math.min(rows, rowsShown));
  const columnRange = from(column, Math.min(columns, columnsShown));
  return (
    <div>
      <section class="scroll" tabindex={0} aria-label="A part of the matrix">
        <table class="matrix">
          <thead>
            <tr>
              <td />
              {columnRange.map((c) => (
                <th key={c} scope="col">
                  {c + 1}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rowRange.map((r) => (
              <tr key={r}>
                <th scope="row">{r + 1}</th>
                {columnRange.map((c) => (
                  <td key={c} class={id(r, c) === shown ? 'shown' : undefined}>
                    <Pick graph={graph} id={id(r, c)} onPick={onShow} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {(rows > rowsShown || columns > columnsShown) && (
        <div class="tools">
          <Move
            label="rows up"
            isPossible={row > 0}
            onMove={() => move({ row: Math.max(0, row - rowsShown), column })}
          />
          <Move
            label="rows down"
            isPossible={row + rowsShown < rows}
            onMove={() => move({ row: row + rowsShown, column })}
          />
          <Move
            label="columns left"
            isPossible={column > 0}
            onMove={() => move({ row, column: Math.max(0, column - columnsShown) })}
          />
          <Move
            label="columns right"
            isPossible={column + columnsShown < columns}
            onMove={() => move({ row, column: column + columnsShown })}
          />
          <span class="where">
            rows {row + 1}–{row + rowRange.length} of {rows}, columns {column + 1}–
            {column + columnRange.length} of {columns}
          </span>
        </div>
      )}
    </div>
  );
}

const from = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => first + index);

function Move({
  label,
  isPossible,
  onMove,
}: {
  label: string;
  isPossible: boolean;
  onMove: () => void;
}): JSX.Element {
  return (
    <button type="button" class="button" disabled={!isPossible} onClick={onMove}>
      {label}
    </button>
  );
}
