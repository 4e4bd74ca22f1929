/** One stop of the tour: a part of the page, and what to see there. */
export interface TourStop {
  readonly title: string;
  readonly text: string;
  /** Selects the part of the page that it is about. */
  readonly at: string;
}

/** From "what is a weight" to "why did this weight move". */
export const stops: readonly TourStop[] = [
  {
    title: 'A network of units',
    text:
      'Each circle is a unit: a number between its inputs on the left and its outputs on the right. ' +
      'Each line is a weight: how much the unit on its left counts for the one on its right. ' +
      'Thick lines count much, thin ones little; orange dashed ones count against it.',
    at: '.network',
  },
  {
    title: 'A sample comes in',
    text:
      'A sample has inputs and a target: what the network should answer. Here it answers with the ' +
      'weights that it has. Before it has learned, that answer is a guess.',
    at: '.learn',
  },
  {
    title: 'Forward',
    text:
      'A unit adds up its inputs, each times its weight, and its bias. The sum is called z. The ' +
      'activation f turns it into the output h. Step by step the numbers move to the right.',
    at: '.walk',
  },
  {
    title: 'The cost',
    text:
      'The cost J is one number that says how wrong the answer was: 0 is perfect. Learning means ' +
      'making J smaller, sample by sample.',
    at: '.figures',
  },
  {
    title: 'Backward',
    text:
      'Which weight is to blame? Delta says how much J changes if the sum z of a unit changes. A ' +
      'hidden unit reaches J through every unit after it, so its delta is a sum: their deltas, each ' +
      'times the weight in between.',
    at: '.walk',
  },
  {
    title: 'One weight',
    text:
      'The gradient of a weight is a product of three: how J depends on h, h on z, and z on the ' +
      'weight. Choose any number here to see where it comes from. The same gradient is also measured, ' +
      'by moving the weight a little.',
    at: '.why-card',
  },
  {
    title: 'The step',
    text:
      'Each weight moves against its gradient: if a larger weight would make J larger, it shrinks; ' +
      'otherwise it grows. The step size α says how far. Too small is slow, too large overshoots.',
    at: '.walk',
  },
  {
    title: 'Again and again',
    text:
      'Learn some thousand samples and watch the mean cost fall. Then choose "Descent" above: it ' +
      'shows the same idea with one weight or two instead of thousands.',
    at: '.learn',
  },
];
