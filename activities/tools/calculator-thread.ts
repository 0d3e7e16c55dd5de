// calculator-thread.ts: the calculator thread's entry.

import { serveJobs } from '../../documents/jobs/serve-jobs.ts';
import { calculateExpression } from './calculate-expression.ts';

// Warm before it says that it is ready: the first evaluation takes many times as long as the next.
calculateExpression('(2 inch + round(sqrt(4), 2) * 1 cm) to cm');

serveJobs(calculateExpression);
