// config.ts: what the environment says to a client. The only file of this room that reads it: everything else is handed
// what it needs.

import { withoutEmptyVariables, type Environment } from '../settings/variables.ts';
import { findHome } from '../store/home.ts';

export interface ClientConfig {
  /** The `.muster` folder: MUSTER_HOME, else the nearest one upward. It need not be there. */
  home: string;
  /** TEMPORAL_ADDRESS. */
  address: string | undefined;
  /** MUSTER_DEPLOYMENT. */
  deployment: string | undefined;
  /** The file that MUSTER_CONFIG names. */
  configPath: string | undefined;
  /** The gateway that commands go to, where one is named: MUSTER_URL, MUSTER_API_KEY. */
  gateway: GatewayPlace | undefined;
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
  /** All of it that is set, to hand on to child processes and to the store. */
  environment: Environment;
}

export interface GatewayPlace {
  url: string;
  apiKey?: string;
}

const gatewayPlace = (url: string, apiKey: string | undefined): GatewayPlace => ({
  url,
  ...(apiKey === undefined ? {} : { apiKey }),
});

/** The command line names a gateway: for all of this process. */
export function nameGateway(url: string): void {
  process.env.MUSTER_URL = url;
}

export function clientConfig(environment: Environment = process.env): ClientConfig {
  const env = withoutEmptyVariables(environment);
  const drawing = env.TERM !== 'dumb';
  return {
    home: findHome(env),
    address: env.TEMPORAL_ADDRESS,
    deployment: env.MUSTER_DEPLOYMENT,
    configPath: env.MUSTER_CONFIG,
    gateway: env.MUSTER_URL === undefined ? undefined : gatewayPlace(env.MUSTER_URL, env.MUSTER_API_KEY),
    isRemote: env.TEMPORAL_ADDRESS !== undefined || env.MUSTER_DEPLOYMENT !== undefined,
    needsOfflineModel: !env.MUSTER_MODEL && !env.MUSTER_OFFLINE_URL,
    hasIdleKey: env.OPENAI_API_KEY !== undefined && !env.MUSTER_MODEL,
    colour: drawing && !env.NO_COLOR,
    drawing,
    isDebug: env.MUSTER_DEBUG !== undefined,
    isAutomatic: env.CI !== undefined,
    calledFrom: env.INIT_CWD ?? '.',
    environment: env,
  };
}
