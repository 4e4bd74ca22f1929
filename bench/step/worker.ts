import { workloadOf } from '../workloads.ts';
import { contenders } from './contenders.ts';

const [, , workload = '', contender = ''] = process.argv;
console.log(JSON.stringify(contenders[contender]!(workloadOf(workload))));
