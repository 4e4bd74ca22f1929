import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { descentSteps } from '../../../src/math/descent.ts';
import { descentProblem } from '../../../src/node/cli/descent/descent-problem.ts';
import { descentReport } from '../../../src/node/cli/descent/descent-report.ts';
import { Misuse } from '../../../src/node/cli/terminal/misuse.ts';

const reportOf = (
  options: Parameters<typeof descentProblem>[0],
  limits: { learningRate?: number; stepsMax?: number } = {},
): string => {
  const problem = descentProblem(options);
  const steps = [...descentSteps({ ...problem, ...limits })];
  return stripVTControlCharacters(descentReport(problem, steps));
};

describe('the report of a descent', () => {
  test('in one dimension ends with the line of the classic example', () => {
    const report = reportOf({});
    expect(report).toContain('f = x^4 - 3x^3 + 2');
    expect(report).toContain('70 steps from 6 to 2.2499646074278457');
    expect(report.split('\n').at(-1)).toBe('The local minimum occurs at 2.249965');
  });

  test('in two dimensions has contour lines, the path and both coordinates', () => {
    const report = reportOf({ formula: 'x^2 + 5y^2 + x*y', start: [-4, 2] }, { learningRate: 0.1 });
    expect(report).toContain('∂f/∂x');
    expect(report.match(/●/g)!.length).toBeGreaterThan(10);
    expect(report.split('\n').at(-1)).toBe('The local minimum occurs at -0.000037, 0.000005');
  });

  test('says that the steps ran out, and does not call the end a minimum', () => {
    const report = reportOf({ formula: 'x^2' }, { stepsMax: 5 });
    expect(report).toContain('Stopped by --steps-max: not converged, the last step still moved');
    expect(report).not.toContain('minimum');
  });

  test('draws a descent that does not move, and a function with gaps', () => {
    expect(reportOf({ formula: '5' })).toContain('1 steps from 6 to 6');
    expect(reportOf({ formula: 'sqrt(x)' }, { stepsMax: 2 })).toContain('2 steps');
  });
});

describe('the function and its start', () => {
  test('have as many dimensions as the formula, the start or the option says', () => {
    expect(descentProblem({ formula: 'x^2 + y' }).start).toEqual([-4, 2]);
    expect(descentProblem({ dimensions: 2 }).formula).toBe('x^2 + 5y^2');
    expect(descentProblem({ formula: 'x^2', start: [1, 2] }).gradient([1, 2])).toEqual([2, 0]);
  });

  test.each([
    [{ formula: 'x + q' }, 'invalid function "x + q": unknown name q; the variables are x'],
    [{ formula: 'y', dimensions: 1 }, 'unknown name y; the variables are x (character 1)'],
    [{ start: [1], dimensions: 2 }, '--start has 1 numbers, but the function has 2 dimensions'],
    [{ formula: 'ln(x)', start: [-1] }, 'the function is NaN at the start -1'],
  ])('%j is refused in one line', (options, message) => {
    expect(() => descentProblem(options)).toThrow(Misuse);
    expect(() => descentProblem(options)).toThrow(message);
  });
});
