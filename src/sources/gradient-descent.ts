import { from, type Observable } from 'rxjs';
import { type DescentOptions, type DescentStep, descentSteps } from '../math/descent.ts';

/**
 * Gradient descent in one dimension or in many, as an Observable of its steps, so that it can be
 * plotted as it goes. Each subscriber descends anew. It completes when two positions are at most
 * `precision` apart or after `stepsMax` steps; `ended` of the last step says which. It fails with a
 * `DescentDiverged` if the learning rate makes a position that is not finite.
 */
export function gradientDescent(options: DescentOptions<number>): Observable<DescentStep<number>>;
export function gradientDescent(
  options: DescentOptions<readonly number[]>,
): Observable<DescentStep<readonly number[]>>;
export function gradientDescent(
  options: DescentOptions<number> | DescentOptions<readonly number[]>,
): Observable<DescentStep<number> | DescentStep<readonly number[]>> {
  // TypeScript picks no overload for a union; either one is right here.
  return from(descentSteps(options as DescentOptions<number>));
}
