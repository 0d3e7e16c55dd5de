// process.ts: one worker process for the home it is started in. Reads the environment, so nothing else has to.

import { DefaultLogger, makeTelemetryFilterString, NativeConnection, Runtime, type LogEntry } from '@temporalio/worker';
import { deepQueue } from '../protocol/names.ts';
import { accessProblem, connectionProblem, isRefused, namespaceProblem } from '../settings/connection-problem.ts';
import { SettingError } from '../settings/setting-error.ts';
import { temporalSettings, type TemporalSettings } from '../settings/temporal-settings.ts';
import { withoutEmptyVariables } from '../settings/variables.ts';
import { openStore } from '../store/open-store.ts';
import { StoreError } from '../store/store.ts';
import { describeConfig, type WorkerConfig } from './config.ts';
import { hostWorker } from './host-worker.ts';
import { startOfflineModel } from './offline-model.ts';
import { deadWorkers, takeOverOrphans } from './orphans.ts';
import { readSettings } from './read-settings.ts';
import { keepTokens } from './task-tokens.ts';
import { startSweeping } from './sweep.ts';
import { endDeadlyWorkflows } from './workflow-deaths.ts';

const env = withoutEmptyVariables(process.env);
/** From the signal on that ends this worker. */
let isStopping = false;
let exitCode = 0;

async function main(): Promise<number> {
  Runtime.install({
    logger: new DefaultLogger('WARN', oneLine),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
    shutdownSignals: [],
  });
  const read = await readSettings(env, {
    say: (line) => process.stdout.write(`${line}\n`),
    startOffline: () =>
      startOfflineModel((reason) => {
        if (isStopping) return;
        say(`${reason}; without it nothing can be done here`);
        exitCode = 1;
        process.kill(process.pid, 'SIGTERM');
      }),
  });
  if ('problems' in read) return refuse(read.problems);
  const { config, home, stackAddress } = read;
  return await serve(config, home, temporalSettings(env, { stackAddress }));
}

function refuse(problems: readonly string[]): number {
  say(`the worker can't start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  return 2;
}

async function serve(config: WorkerConfig, home: string, settings: TemporalSettings): Promise<number> {
  const { address, namespace } = settings;
  const connection = await connected(settings);
  const store = openStore(config.store);
  try {
    await store.deploymentId();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    say(`${error.message}\n  Next: see that it is there and may be written to (MUSTER_STORE_URL names another)`);
    await connection.close();
    return 5;
  }
  const tokens = await keepTokens(home, namespace);
  const dead = await deadWorkers(home, tokens.folder);
  const careful = await endDeadlyWorkflows({ home, connection, namespace, store, say }, dead);
  const takingOver = takeOver(home, tokens.folder, connection);
  // Loaded while the SDK starts its thread for Workflows: with two cores a worker is ready a fifth sooner.
  const loading = import('./configured-activities.ts').then(({ configuredActivities }) =>
    configuredActivities(config, store, say),
  );
  const worker = await hostWorker(
    { connection, namespace, tokens, store, slots: config.slots, careful },
    loading.then(({ activities }) => activities),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      isStopping = true;
      tokens.stopping();
      if (worker.getState() === 'RUNNING') worker.shutdown();
    });
  }
  say(describeConfig({ ...config, namespace }));
  process.stdout.write(
    `ready pid=${process.pid} queue=${deepQueue(await store.deploymentId())} address=${address} roots=${JSON.stringify(config.roots)}\n`,
  );
  const sweeping = startSweeping(store, say);
  await worker.run();
  await takingOver;
  await tokens.close();
  await (await loading).close();
  await sweeping.stop();
  await store.close();
  await connection.close();
  return exitCode;
}

/** @throws SettingError for what a person can mend; the SDK would stop at a missing namespace with a raw status. */
async function connected(settings: TemporalSettings): Promise<NativeConnection> {
  const { namespace, options, address } = settings;
  let connection: NativeConnection;
  try {
    connection = await NativeConnection.connect(options);
  } catch (error) {
    throw await connectionProblem(settings, error);
  }
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return connection;
  } catch (error) {
    await connection.close();
    if ((error as { code?: unknown }).code === NOT_FOUND) throw namespaceProblem(settings);
    if (isRefused(error)) throw accessProblem(address, options.apiKey !== undefined, error);
    throw await connectionProblem(settings, error);
  }
}

/** gRPC's. */
const NOT_FOUND = 5;

async function takeOver(home: string, own: string, connection: NativeConnection): Promise<void> {
  const { activities } = await takeOverOrphans(home, own, connection, say);
  if (activities > 0) say(`goes on with ${activities} Activity task(s) of a worker that died`);
}

/** What the SDK has to say, a line each: a person reads this, and an Activity's error may be many lines of no use to them. */
function oneLine({ level, message, meta }: LogEntry): void {
  const about = meta as { activityType?: string; workflowId?: string; error?: unknown } | undefined;
  const error = about?.error instanceof Error ? `: ${about.error.message}` : '';
  const where = [about?.activityType, about?.workflowId].filter(Boolean).join(' of ');
  say(`${level.toLowerCase()}: ${message}${where === '' ? '' : ` (${where})`}${error}`);
}

function say(text: string): void {
  process.stderr.write(`muster worker: ${text}\n`);
}

// Orphaned by its supervisor's death, a worker would poll for ever beside the next one.
if (env.MUSTER_EXIT_WITH_PARENT) process.stdin.resume().on('end', () => process.kill(process.pid, 'SIGTERM'));

process.exitCode = await main().catch((error: unknown) => {
  if (error instanceof SettingError) {
    say(`${error.message}\n  Next: ${error.hint}`);
    return 5;
  }
  say(error instanceof Error ? error.message : String(error));
  return 1;
});
process.exit();
