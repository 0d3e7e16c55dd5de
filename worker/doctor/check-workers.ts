// check-workers.ts: who polls this deployment's queues, whether they are enough, and whether they are of one version.

import { backgroundQueue, deepQueue, fastQueue } from '../../protocol/names.ts';
import { broken, NotLookedAt, ok, warn, type Check, type Finding } from './finding.ts';
import type { Server } from './server.ts';

/** A killed worker stays listed for longer. */
const SEEN_MS = 70_000;
/** Of the API: for Workflow Tasks, and for Activities. */
const WORKFLOWS = 1;
const ACTIVITIES = 2;

interface Poller {
  identity: string;
  version: string | undefined;
}

export const checkWorkers: Check = {
  name: 'workers',
  about: 'workers that poll this deployment’s queues, and their versions',
  async look(subject) {
    const server = await subject.server();
    if (!subject.store)
      throw new NotLookedAt('there is no deployment here yet: muster up, or muster worker, makes one');
    const deployment = await subject.store.deploymentId();
    const [deep, fast, background] = await Promise.all([
      pollers(server, deepQueue(deployment), WORKFLOWS),
      pollers(server, fastQueue(deployment), ACTIVITIES),
      pollers(server, backgroundQueue(deployment), ACTIVITIES),
    ]);
    const least = 'config' in subject.settings ? subject.settings.config.minWarmWorkers : 1;
    const start = 'muster worker starts one (or muster up, with all that it needs)';
    const found: Finding[] = [];
    const data = { polling: deep.length, least };
    if (deep.length === 0) found.push(broken(`no worker polls ${deepQueue(deployment)}: tasks wait`, start, data));
    else if (deep.length < least)
      found.push(warn(`${polling(deep.length)}, and minWarmWorkers is ${least}`, start, data));
    else found.push(ok(`${polling(deep.length)}: ${named(deep)}`, data));
    const beside = [
      { queue: fastQueue(deployment), pollers: fast, without: 'no question is answered at once' },
      {
        queue: backgroundQueue(deployment),
        pollers: background,
        without: 'no notification is sent, nothing is done behind an answer',
      },
    ];
    for (const { queue, pollers: its, without } of beside)
      if (its.length === 0 && deep.length > 0)
        found.push(
          warn(
            `nobody polls ${queue}: ${without}`,
            'update the workers: they are of a version before this queue, or embedded without it',
          ),
        );
    // Those without Workflows have no bundle, which is what a version is of.
    const versions = [...new Set(deep.flatMap(({ version }) => version ?? []))];
    if (versions.length > 1)
      found.push(
        warn(
          `workers of ${versions.length} versions poll: ${versions.map((one) => one.slice(0, 60)).join(', ')}`,
          'let the older ones end once the newer ones poll; until then a task may be worked on by either',
          { versions: versions.join(', ') },
        ),
      );
    return found;
  },
};

async function pollers({ ask, namespace }: Server, name: string, taskQueueType: number): Promise<Poller[]> {
  const { pollers: all } = await ask(({ workflowService }) =>
    workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType }),
  );
  return (all ?? [])
    .filter((one) => Date.now() - Number(one.lastAccessTime?.seconds ?? 0) * 1_000 < SEEN_MS)
    .map((one) => ({
      identity: one.identity ?? '?',
      version:
        one.deploymentOptions?.buildId ||
        one.workerVersionCapabilities?.buildId ||
        one.workerVersionCapabilities?.deploymentSeriesName ||
        undefined,
    }));
}

const polling = (n: number): string => (n === 1 ? '1 worker polls' : `${n} workers poll`);
const named = (all: readonly Poller[]): string =>
  all
    .slice(0, 5)
    .map(({ identity, version }) => (version === undefined ? identity : `${identity} (${version.slice(0, 40)})`))
    .join(', ') + (all.length > 5 ? ', …' : '');
