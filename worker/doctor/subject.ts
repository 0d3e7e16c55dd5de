// subject.ts: what the doctor looks at, made of an environment: settings, home, store, and a connection that is opened when the
// first check asks for it.

import { SettingError } from '../../settings/setting-error.ts';
import { temporalSettings } from '../../settings/temporal-settings.ts';
import { closedPort, connectionProblem } from '../../settings/connection-problem.ts';
import type { Environment } from '../../settings/variables.ts';
import { findHome } from '../../store/home.ts';
import { existingStore, storePlace } from '../../store/open-store.ts';
import { addressOf, readStack } from '../../store/stack-file.ts';
import { readSettings } from '../read-settings.ts';
import { NO_OFFLINE_MODEL } from './check-settings.ts';
import { NotLookedAt, type Subject } from './finding.ts';
import type { Measured } from './probe.ts';
import type { Server } from './server.ts';

/** A subject, and its end. */
export interface Opened extends Subject {
  close(): Promise<void>;
}

/** @param env as `withoutEmptyVariables` made it. */
export async function openSubject(env: Environment): Promise<Opened> {
  const home = findHome(env);
  const stack = readStack(home);
  const read = await readSettings(env, { startOffline: async () => NO_OFFLINE_MODEL });
  const store = storeIfThere(home, env);
  let opening: ReturnType<typeof open> | undefined;
  let problem: SettingError | undefined;
  let measuring: Promise<Measured> | undefined;
  const open = async (): Promise<Server & { isGuessed: boolean }> => {
    const { openServer } = await import('./server.ts');
    const settings = temporalSettings(env, { stackAddress: addressOf(stack) });
    const closed = await closedPort(settings, env);
    if (closed) throw closed;
    try {
      return { ...(await openServer(settings)), isGuessed: settings.isDefault };
    } catch (error) {
      throw await connectionProblem(settings, error);
    }
  };
  const anyServer = async (): ReturnType<typeof open> => {
    opening ??= open();
    try {
      return await opening;
    } catch (error) {
      if (!(error instanceof SettingError)) throw error;
      problem = error;
      throw new NotLookedAt('the Temporal server does not answer');
    }
  };
  const server = async (): Promise<Server> => {
    const { isGuessed, ...found } = await anyServer();
    if (isGuessed) throw new NotLookedAt('nobody named the Temporal server (TEMPORAL_ADDRESS does)');
    return found;
  };
  return {
    env,
    home,
    stack,
    settings: 'problems' in read ? read : { config: read.config },
    storePlace: storePlace(home, env),
    store,
    server,
    measured: () =>
      (measuring ??= (async () => {
        const { measure } = await import('./probe.ts');
        return await measure(await server());
      })()),
    async guessed() {
      const { isGuessed, address } = await anyServer();
      return isGuessed ? address : undefined;
    },
    async noServer() {
      await anyServer().catch((error: unknown) => {
        if (!(error instanceof NotLookedAt)) throw error;
      });
      return problem;
    },
    async close() {
      await store?.close();
      await (await opening?.catch(() => undefined))?.connection.close();
    },
  };
}

function storeIfThere(home: string, env: Environment): Subject['store'] {
  try {
    return existingStore(home, env);
  } catch {
    // The check `settings` says why.
    return undefined;
  }
}
