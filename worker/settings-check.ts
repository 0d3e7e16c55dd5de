// settings-check.ts: what a worker would refuse to start with in this environment, its modules loaded, as JSON in the last line of
// stdout. A process of its own, for who is about to stop a worker that runs. Starts and changes nothing.

import { withoutEmptyVariables } from '../settings/variables.ts';
import { readSettings } from './read-settings.ts';

const read = await readSettings(withoutEmptyVariables(process.env), { startOffline: async () => 'http://127.0.0.1' });
process.stdout.write(`\n${JSON.stringify('problems' in read ? read.problems : [])}\n`);
// What a module left running would keep this process up.
process.exit();
