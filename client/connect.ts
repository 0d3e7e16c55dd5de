// connect.ts: finds the deployment and its Temporal server, and connects. Holds no model key and no Workflow code.

import { Client, Connection } from '@temporalio/client';
import {
  accessProblem,
  closedPort,
  connectionProblem,
  isStatusOfHttp,
  namespaceProblem,
  noTemporal,
} from '../settings/connection-problem.ts';
import { askedUnnamed, type TemporalSettings } from '../settings/temporal-settings.ts';
import type { Router } from '../protocol/schemas/router.ts';
import { storeFolder } from '../store/home.ts';
import { existingStore } from '../store/open-store.ts';
import { StoreAddressError } from '../store/postgres-url.ts';
import { StoreError, type Store } from '../store/store.ts';
import { clientConfig, type ClientConfig } from './config.ts';
import { MusterError, RequestRefusedError, UnreachableError } from './errors.ts';
import { endsWithConnection } from './ended-connection.ts';
import { findServer } from './find-server.ts';
import { MusterClient } from './muster-client.ts';
import { retriesUnlessOnce } from './one-try.ts';
import { traceHeadersOfStart } from './trace-headers.ts';
import { grpcCode } from './connection-errors.ts';

export interface ConnectOptions {
  /** `host:port`. Default: TEMPORAL_ADDRESS, the home's local stack, Temporal's own config, 127.0.0.1:7233. */
  address?: string;
  /** Default: TEMPORAL_NAMESPACE, Temporal's own config, `default`. */
  namespace?: string;
  /** Short id of the deployment. Default: MUSTER_DEPLOYMENT, else that of the home. */
  deployment?: string;
  /** The `.muster` folder. Default: MUSTER_HOME, else the nearest one upward. */
  home?: string;
  /** The config file, for its classes and extensions. Default: what MUSTER_CONFIG names when a task is started, else none. */
  configPath?: string;
  /** Judges questions where the path is to be chosen. Default: the one that the config file names, else rules. */
  router?: Router;
  /** How long to wait for the server, in ms; a port that refuses connections is not waited for. Default: 5,000. */
  connectTimeoutMs?: number;
  /** Told what a person should know but nobody has to act on. Default: nothing is said. */
  warn?: (message: string) => void;
}

/**
 * Connects to Temporal and to the deployment.
 * @throws UnreachableError when no server answers as it should; RequestRefusedError when MUSTER_STORE_URL or TEMPORAL_ADDRESS is no address; MusterError when no
 *   deployment is found or another setting can't be used. Each says what mends it.
 */
export async function connect(options: ConnectOptions = {}): Promise<MusterClient> {
  const config = clientConfig();
  const home = options.home ?? config.home;
  const settings = await findServer({ ...config, home }, options);
  const deployment = await findDeployment(options.deployment ?? config.deployment, home, config, options.warn);
  // Whoever listens where nobody pointed may be another project's: it is asked, and that is said.
  if (settings.isDefault) options.warn?.(askedUnnamed(home, settings.address));
  const closed = await closedPort(settings, config.environment);
  if (closed) throw new UnreachableError(closed.message, closed.hint, { cause: closed });
  let connection: Connection;
  try {
    connection = await Connection.connect({
      ...settings.options,
      channelArgs: MOST_RECEIVED,
      interceptors: [retriesUnlessOnce, endsWithConnection],
      connectTimeout: options.connectTimeoutMs ?? 5_000,
    });
  } catch (error) {
    const { message, hint } = await connectionProblem(settings, error);
    throw new UnreachableError(message, hint, { cause: error });
  }
  await refuseMissingNamespace(connection, settings);
  const client = new Client({
    connection,
    namespace: settings.namespace,
    interceptors: { workflow: [traceHeadersOfStart] },
  });
  const configPath = (): string | undefined => options.configPath ?? clientConfig().configPath;
  // Elsewhere the workers may have another file, and without one here they may have one of their own.
  const isElsewhere = config.isRemote || (options.address ?? options.deployment) !== undefined;
  return new MusterClient({
    client,
    connection,
    deployment: deployment.id,
    ...(deployment.store ? { store: deployment.store } : {}),
    configPath,
    workersFile: () => (isElsewhere || configPath() === undefined ? undefined : { path: configPath() }),
    ...(options.warn ? { warn: options.warn } : {}),
    ...(options.router ? { router: options.router } : {}),
    ...(settings.isDefault ? { isServerGuessed: true } : {}),
  });
}

/** A few events may hold more than gRPC takes by itself, 4 MiB: anybody may send a task large Signals, and its readers must go on. */
const MOST_RECEIVED = { 'grpc.max_receive_message_length': 128 * 1024 * 1024 };
const GRPC_NOT_FOUND = 5;
const GRPC_UNAUTHENTICATED = 16;

/** A key may be good for tasks and not for this question: only what surely can't work is refused. */
async function refuseMissingNamespace(connection: Connection, settings: TemporalSettings): Promise<void> {
  const { namespace, options, address } = settings;
  try {
    await connection.workflowService.describeNamespace({ namespace });
  } catch (error) {
    const code = grpcCode(error);
    const problem = isStatusOfHttp(error)
      ? noTemporal(address, error)
      : code === GRPC_NOT_FOUND
        ? namespaceProblem(settings)
        : code === GRPC_UNAUTHENTICATED
          ? accessProblem(address, options.apiKey !== undefined, error)
          : undefined;
    if (!problem) return;
    await connection.close();
    throw new MusterError(problem.message, problem.hint, { cause: error });
  }
}

async function findDeployment(
  id: string | undefined,
  home: string,
  { environment }: ClientConfig,
  warn: (message: string) => void = () => undefined,
): Promise<{ id: string; store?: Store }> {
  try {
    const store = existingStore(home, environment);
    const own = await store?.deploymentId();
    if (store && own !== undefined && (id === undefined || id === own)) return { id: own, store };
    await store?.close();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (id === undefined && error instanceof StoreAddressError)
      throw new RequestRefusedError(error.message, error.hint, { cause: error });
    if (id === undefined) {
      const hint = 'See that it is there (MUSTER_STORE_URL names it), or set MUSTER_DEPLOYMENT to go on without it.';
      throw new MusterError(error.message, hint);
    }
    warn(`${error.message}; goes on without what closed tasks left there`);
  }
  if (id !== undefined) return { id };
  throw new MusterError(
    `no deployment was found: neither MUSTER_DEPLOYMENT, MUSTER_STORE_URL nor ${storeFolder(home)} is there`,
    'Where nothing was asked yet, muster run "what you want to know" starts all that it needs, and muster up does so without a question. Else run this in the folder of your deployment, or set MUSTER_DEPLOYMENT to its id.',
  );
}
