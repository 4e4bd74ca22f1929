import { learn, Network, sgd, totalCost } from 'rivulet';
import { digits } from 'rivulet/digits';
import { filter } from 'rxjs';

const network = new Network({ sizes: [64, 30, 10], optimizer: sgd({ learningRate: 0.25 }) });

digits({ passes: 3 })
  .pipe(learn(network), totalCost())
  .pipe(filter(({ count }) => count % 1797 === 0))
  .subscribe(({ count, mean }) => console.log(`${count} digits, J_total ${mean.toFixed(3)}`));
