// config.ts: what the environment says to a client. The only file of this room that reads it: everything else is handed
// what it needs.

import { findHome } from '../store/home.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface ClientConfig {
  /** The `.muster` folder: MUSTER_HOME, else the nearest one upward. It need not be there. */
  home: string;
  /** TEMPORAL_ADDRESS. */
  address: string | undefined;
  /** MUSTER_DEPLOYMENT. */
  deployment: string | undefined;
  /** The file that MUSTER_CONFIG names. */
  configPath: string | undefined;
  /** True when a server or a deployment is named: then nothing local is started. */
  isRemote: boolean;
  /** True when nothing else answers: then the local stack has the offline model. */
  needsOfflineModel: boolean;
  /** True when there is a key that nothing uses, for want of a model. */
  hasIdleKey: boolean;
  /** Whether a terminal may be written to in colour, and drawn on. */
  colour: boolean;
  drawing: boolean;
  /** Somebody wants to see where an unexpected error came from. */
  isDebug: boolean;
  /** No person waits: nothing stays up for one. */
  isAutomatic: boolean;
  /** Folder that npm was called in, which changes into the package's own. */
  calledFrom: string;
  /** All of it, to hand on to child processes and to the store. */
  environment: Environment;
}

export function clientConfig(env: Environment = process.env): ClientConfig {
  const filled = (name: string): string | undefined => env[name] || undefined;
  const drawing = env.TERM !== 'dumb';
  return {
    home: findHome(env as NodeJS.ProcessEnv),
    address: filled('TEMPORAL_ADDRESS'),
    deployment: filled('MUSTER_DEPLOYMENT'),
    configPath: filled('MUSTER_CONFIG'),
    isRemote: filled('TEMPORAL_ADDRESS') !== undefined || filled('MUSTER_DEPLOYMENT') !== undefined,
    needsOfflineModel: !env.MUSTER_MODEL && !env.MUSTER_OFFLINE_URL,
    hasIdleKey: filled('OPENAI_API_KEY') !== undefined && !env.MUSTER_MODEL,
    colour: drawing && !env.NO_COLOR,
    drawing,
    isDebug: filled('MUSTER_DEBUG') !== undefined,
    isAutomatic: filled('CI') !== undefined,
    calledFrom: env.INIT_CWD ?? '.',
    environment: env,
  };
}
