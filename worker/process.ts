// process.ts: one worker process for the home it is started in. Reads the environment, so nothing else has to.

import { makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import { secretsOfMcp } from '../activities/tools/mcp/hide-secrets.ts';
import { counted } from '../protocol/counted.ts';
import { deepQueue } from '../protocol/names.ts';
import { accessProblem, connectionProblem, isRefused, namespaceProblem } from '../settings/connection-problem.ts';
import { METRICS, tellingWhere } from '../settings/listen-problem.ts';
import { logSettings } from '../settings/log-settings.ts';
import { SettingError } from '../settings/setting-error.ts';
import { ServerAddressError } from '../settings/address-problem.ts';
import { askedUnnamed, temporalSettings, type TemporalSettings } from '../settings/temporal-settings.ts';
import { mistypedVariables } from '../protocol/mistyped-variables.ts';
import { withoutEmptyVariables } from '../settings/variables.ts';
import { openStore } from '../store/open-store.ts';
import { StoreError } from '../store/store.ts';
import { coldStart } from '../telemetry/metrics/cold-start.ts';
import type { MoreText } from '../telemetry/metrics/serve.ts';
import { otlpSettings, type OtlpSettings } from '../telemetry/metrics/settings.ts';
import { countedStore } from './counted-store.ts';
import { describeConfig, type WorkerConfig } from './config.ts';
import { exportTraces } from './export-traces.ts';
import { hostWorker } from './host-worker.ts';
import { startOfflineModel } from './offline-model.ts';
import { deadWorkers, takeOverOrphans } from './orphans.ts';
import { readSettings } from './read-settings.ts';
import { keepTokens } from './task-tokens.ts';
import { sdkMetrics } from './sdk-metrics.ts';
import { startSweeping } from './sweep.ts';
import { showMetrics } from './worker-metrics.ts';
import { endDeadlyWorkflows } from './workflow-deaths.ts';
import { openProcessLog } from '../telemetry/process-log.ts';
import { sdkLogger } from './sdk-log.ts';

const env = withoutEmptyVariables(process.env);
const log = openProcessLog('worker', env, logSettings(env));
/** From the signal on that ends this worker. */
let isStopping = false;
let exitCode = 0;

async function main(): Promise<number> {
  coldStart.part('process', performance.now() / 1e3);
  for (const line of mistypedVariables(env)) log.warn(line);
  const read = await readSettings(env, {
    say: (line) => process.stdout.write(`${line}\n`),
    startOffline: () =>
      startOfflineModel((reason) => {
        if (isStopping) return;
        log.error(`${reason}; without it nothing can be done here`);
        exitCode = 1;
        process.kill(process.pid, 'SIGTERM');
      }),
  });
  if ('problems' in read) return refuse(read.problems);
  const { config, home, stackAddress } = read;
  log.hide(secretsOfMcp(config.mcp));
  const otlp = otlpSettings(env);
  const sdk = await sdkMetrics(config.metrics !== undefined, otlp);
  Runtime.install({
    logger: sdkLogger(log),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) },
      ...(sdk.options ? { metrics: sdk.options } : {}),
    },
    shutdownSignals: [],
  });
  const settings = temporalSettings(env, { stackAddress });
  // Whoever listens where nobody pointed may be another project's: its queues are polled, and that is said.
  if (settings.isDefault) log.warn(`${askedUnnamed(home, settings.address)}, and takes work from it`);
  return await serve(config, home, settings, { otlp, more: sdk.more });
}

function refuse(problems: readonly string[]): number {
  log.refuse(`the worker can't start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
  return 2;
}

async function serve(
  config: WorkerConfig,
  home: string,
  settings: TemporalSettings,
  shown: { otlp: OtlpSettings | undefined; more: MoreText | undefined },
): Promise<number> {
  const { address, namespace } = settings;
  const connection = await coldStart.timed('connection', connected(settings));
  const store = countedStore(openStore(config.store));
  try {
    await store.deploymentId();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    log.refuse(error.message, 'see that it is there and may be written to (MUSTER_STORE_URL names another)');
    await connection.close();
    return 5;
  }
  const tokens = await keepTokens(home, namespace);
  const dead = await deadWorkers(home, tokens.folder);
  const careful = await endDeadlyWorkflows({ home, connection, namespace, store, say }, dead);
  const takingOver = takeOver(home, tokens.folder, connection);
  // Loaded while the SDK starts its thread for Workflows: with two cores a worker is ready a fifth sooner.
  const traces = exportTraces({ store, env, say, hide: (text) => log.without(text) });
  const loading = import('./configured-activities.ts').then(({ configuredActivities }) =>
    configuredActivities(config, store, say, traces),
  );
  const worker = await coldStart.timed(
    'bundle',
    hostWorker(
      { connection, namespace, tokens, store, slots: config.slots, careful },
      loading.then(({ activities }) => activities),
    ),
  );
  const metrics = await showMetrics({ config: { ...config, namespace }, connection, store, ...shown, say }).catch(
    tellingWhere(METRICS),
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
  coldStart.ready();
  traces?.start();
  const sweeping = startSweeping(store, say, { connection, namespace, ...(traces ? { traces } : {}) });
  await worker.run();
  await takingOver;
  await tokens.close();
  await (await loading).close();
  await sweeping.stop();
  await metrics.close();
  await traces?.stop();
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
  if (activities > 0) say(`goes on with ${counted(activities, 'Activity task')} of a worker that died`);
}

function say(line: string): void {
  log.info(line);
}

// Orphaned by its supervisor's death, a worker would poll for ever beside the next one.
if (env.MUSTER_EXIT_WITH_PARENT) process.stdin.resume().on('end', () => process.kill(process.pid, 'SIGTERM'));

const stackOf = (error: unknown) => (error instanceof Error && error.stack ? { stack: error.stack } : {});

process.exitCode = await main().catch((error: unknown) => {
  if (error instanceof SettingError) {
    log.refuse(error.message, error.hint);
    return error instanceof ServerAddressError ? 2 : 5;
  }
  log.write('fatal', error instanceof Error ? error.message : String(error), stackOf(error));
  return 1;
});
process.exit();
