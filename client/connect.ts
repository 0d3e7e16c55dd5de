// connect.ts: finds the deployment and its Temporal server, and connects. Holds no model key and no Workflow code.

import { Client, Connection } from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { storeFolder } from '../store/home.ts';
import { existingStore } from '../store/open-store.ts';
import { readStack } from '../store/stack-file.ts';
import { StoreError, type Store } from '../store/store.ts';
import { clientConfig, type ClientConfig } from './config.ts';
import { MusterError, UnreachableError } from './errors.ts';
import { MusterClient } from './muster-client.ts';

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
  /** How long to wait for the server, in ms. Default: 5,000. */
  connectTimeoutMs?: number;
  /** Told what a person should know but nobody has to act on. Default: nothing is said. */
  warn?: (message: string) => void;
}

/**
 * Connects to Temporal and to the deployment.
 * @throws UnreachableError when no server answers; MusterError when no deployment is found.
 */
export async function connect(options: ConnectOptions = {}): Promise<MusterClient> {
  const config = clientConfig();
  const home = options.home ?? config.home;
  const { connectionOptions, namespace } = loadClientConnectConfig();
  const address =
    options.address ??
    config.address ??
    readStack(home)?.temporal.address ??
    connectionOptions.address ??
    '127.0.0.1:7233';
  const deployment = await findDeployment(options.deployment ?? config.deployment, home, config, options.warn);
  let connection: Connection;
  try {
    connection = await Connection.connect({
      ...connectionOptions,
      address,
      connectTimeout: options.connectTimeoutMs ?? 5_000,
    });
  } catch (error) {
    throw new UnreachableError(
      `no Temporal server answers at ${address}`,
      'Start the local one with muster up, or name yours in TEMPORAL_ADDRESS.',
      {
        cause: error,
      },
    );
  }
  const client = new Client({ connection, namespace: options.namespace ?? namespace ?? 'default' });
  return new MusterClient({
    client,
    connection,
    deployment: deployment.id,
    ...(deployment.store ? { store: deployment.store } : {}),
    configPath: () => options.configPath ?? clientConfig().configPath,
    ...(options.warn ? { warn: options.warn } : {}),
  });
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
    if (id === undefined) {
      const hint = 'See that it is there (MUSTER_STORE_URL names it), or set MUSTER_DEPLOYMENT to go on without it.';
      throw new MusterError(error.message, hint);
    }
    warn(`${error.message}; goes on without what closed tasks left there`);
  }
  if (id !== undefined) return { id };
  throw new MusterError(
    `no deployment was found: neither MUSTER_DEPLOYMENT, MUSTER_STORE_URL nor ${storeFolder(home)} is there`,
    'Run this in the folder of your deployment, set MUSTER_DEPLOYMENT to its id, or start a local one with muster up.',
  );
}
