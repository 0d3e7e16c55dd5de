// check-ports.ts: whether the parts of the local stack are there, and whether the ports that they would take are free.

import { isListening } from '../../settings/listening.ts';
import { isAlive, type StackFile } from '../../store/stack-file.ts';
import { broken, ok, warn, type Check, type Finding } from './finding.ts';

/** What takes a port here when it is free, and what names another. */
const WANTED = [
  { port: 7233, what: 'the Temporal server', knob: 'MUSTER_TEMPORAL_PORT', isTemporals: true },
  { port: 8233, what: 'its Web UI', knob: 'MUSTER_TEMPORAL_UI_PORT', isTemporals: true },
  { port: 8234, what: 'the HTTP API', knob: '', isTemporals: false },
];

export const checkPorts: Check = {
  name: 'ports',
  about: 'the local stack’s parts, or whether their ports are free',
  async look({ stack, env, settings }) {
    if (stack) return await lookAtParts(stack);
    const metrics = 'config' in settings ? settings.config.metrics?.port : undefined;
    if (metrics !== undefined && (await isListening(`127.0.0.1:${metrics}`)) && env.TEMPORAL_ADDRESS === undefined)
      return [
        broken(
          `port ${metrics}, which "metrics" in the config file names for the worker, is taken by another program`,
          'stop that program, or name another port under "metrics"',
        ),
      ];
    const asked = WANTED.filter(({ isTemporals }) => !isTemporals || env.TEMPORAL_ADDRESS === undefined).map((one) => ({
      ...one,
      port: Number(env[one.knob] ?? one.port),
      isNamed: env[one.knob] !== undefined,
    }));
    const taken = await Promise.all(asked.map(async ({ port }) => await isListening(`127.0.0.1:${port}`)));
    const found = asked.flatMap(({ port, what, knob, isNamed }, at): Finding[] =>
      taken[at] && isNamed
        ? [
            broken(
              `port ${port}, which ${knob} names for ${what}, is taken by another program`,
              `stop that program, or name another port in ${knob}`,
            ),
          ]
        : [],
    );
    if (found.length > 0) return found;
    const others = asked.filter((_, at) => taken[at]).map(({ port, what }) => `${port} (${what})`);
    return others.length === 0
      ? [ok('no stack runs here; its ports are free')]
      : [ok(`no stack runs here; taken, so that one started here gets other ports: ${others.join(', ')}`)];
  },
};

async function lookAtParts({ supervisor, temporal, model, worker, gateway, isWhole }: StackFile): Promise<Finding[]> {
  const next = 'muster up --restart starts all of it again; tasks go on. muster logs shows what happened';
  if (!isAlive(supervisor))
    return [
      broken(
        `the local stack has ended: its supervisor (pid ${supervisor}) is gone`,
        'muster up starts it again, and tasks go on',
      ),
    ];
  const hostOf = (url: string): string => new URL(url).host;
  const asked: { what: string; isThere: boolean | Promise<boolean> }[] = [
    { what: 'the Temporal server', isThere: isListening(temporal.address) },
    ...(model ? [{ what: 'the offline model', isThere: isListening(hostOf(model.url)) }] : []),
    ...(worker?.pid === undefined ? [] : [{ what: 'the worker', isThere: isAlive(worker.pid) }]),
    ...(gateway ? [{ what: 'the HTTP API', isThere: isListening(hostOf(gateway.url)) }] : []),
  ];
  const gone: string[] = [];
  for (const { what, isThere } of asked) if (!(await isThere)) gone.push(what);
  if (gone.length > 0) return [broken(`of the local stack ${gone.join(' and ')} does not answer`, next)];
  return isWhole === false
    ? [warn('the local stack is still being started', 'wait a moment; muster logs --follow shows how far it is')]
    : [ok(`the local stack is up: ${asked.map(({ what }) => what).join(', ')}`)];
}
