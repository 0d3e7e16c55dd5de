// access-log.ts: a line of JSON for each answered request. Says who asked what and how it ended; holds no goal, no key, and
// nothing of a query.

import { pino, type DestinationStream } from 'pino';
import type { AccessEntry } from './routes/context.ts';

/** What is written like a key or a ticket, should anybody put one into a path. */
const SECRET = /(?:mk|st)_[\w-]+/g;
const MAX_PATH_CHARS = 200;

/** @param to where lines go. Default: stderr. */
export function accessLog(
  to: DestinationStream = pino.destination({ dest: 2, sync: false }),
): (entry: AccessEntry) => void {
  const log = pino({ base: { log: 'access' }, timestamp: pino.stdTimeFunctions.isoTime }, to);
  return ({ requestId, method, path, status, ms, caller, tenant }) => {
    const shown = path.slice(0, MAX_PATH_CHARS).replaceAll(SECRET, '…');
    log.info({ request_id: requestId, method, path: shown, status, ms, caller, tenant });
  };
}
