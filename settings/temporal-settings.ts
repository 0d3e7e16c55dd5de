// temporal-settings.ts: how Temporal is reached: Temporal's own variables and profile, read the way every Temporal tool
// reads them, and refused in words where they can't work together. Connects to nothing.

import { existsSync } from 'node:fs';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { ServerAddressError, addressProblem } from './address-problem.ts';
import { KEY_ALONE, keyProblem } from './key-problem.ts';
import { SettingError } from './setting-error.ts';
import type { Environment } from './variables.ts';

type ConnectionOptions = ReturnType<typeof loadClientConnectConfig>['connectionOptions'];

export interface TemporalSettings {
  /** `host:port` */
  address: string;
  /** True when nobody names a server: the address is where Temporal's tools look, and anybody's may listen there. */
  isDefault: boolean;
  namespace: string;
  /** Key, TLS and headers, for the SDK's `connect`; `address` among them. */
  options: ConnectionOptions & { address: string };
  /** Names of the variables that ask for TLS; empty where a profile does, or nobody. */
  tlsFrom: string[];
}

/** What is said before a server is asked that nobody named. */
export const askedUnnamed = (home: string, address: string): string =>
  `no stack runs for ${home}, and no server is named: asks the one at ${address}, which this folder did not start`;

/**
 * The settings of this environment, in this order: what is given, the environment, the local stack, the profile, defaults.
 *
 * @param env as `withoutEmptyVariables` made it.
 * @throws ServerAddressError when the address is none; SettingError when the others can't be used.
 */
export function temporalSettings(
  env: Environment,
  given: {
    address?: string | undefined;
    namespace?: string | undefined;
    /** Address of the home's local stack, where there is one. */
    stackAddress?: string | undefined;
  } = {},
): TemporalSettings {
  refuseUnusable(env);
  const { connectionOptions, namespace } = loaded(env);
  const named = given.address ?? env.TEMPORAL_ADDRESS ?? given.stackAddress ?? connectionOptions.address;
  const address = named ?? '127.0.0.1:7233';
  const problem = addressProblem(address);
  if (problem !== undefined) throw new ServerAddressError(problem);
  return {
    address,
    isDefault: named === undefined,
    namespace: given.namespace ?? namespace ?? 'default',
    options: { ...connectionOptions, address },
    tlsFrom: Object.keys(env).filter((name) => name === 'TEMPORAL_API_KEY' || name.startsWith('TEMPORAL_TLS')),
  };
}

function loaded(env: Environment): ReturnType<typeof loadClientConnectConfig> {
  try {
    return loadClientConnectConfig({ overrideEnvVars: env as Record<string, string> });
  } catch (error) {
    const { path, code, message } = error as NodeJS.ErrnoException;
    const name = Object.keys(env).find((one) => path !== undefined && env[one] === path);
    if (path === undefined)
      throw new SettingError(
        `Temporal's settings can't be used: ${message}`,
        'See TEMPORAL_CONFIG_FILE and TEMPORAL_PROFILE; temporal config list shows what they say.',
        { cause: error },
      );
    throw new SettingError(
      `${name ?? "a file of Temporal's settings"} can't be read: ${path} (${code})`,
      `Name a file that is there and may be read${name ? `, or unset ${name}` : ''}.`,
      { cause: error },
    );
  }
}

const SWITCHES = ['TEMPORAL_TLS', 'TEMPORAL_TLS_DISABLE_HOST_VERIFICATION'];

/** What Temporal's tools pass over in silence. */
function refuseUnusable(env: Environment): void {
  if (env.TEMPORAL_CONFIG_FILE !== undefined && !existsSync(env.TEMPORAL_CONFIG_FILE))
    throw new SettingError(
      `TEMPORAL_CONFIG_FILE names ${env.TEMPORAL_CONFIG_FILE}, which is not there`,
      'Name a file that is there, or unset TEMPORAL_CONFIG_FILE.',
    );
  for (const name of SWITCHES) {
    const value = env[name];
    // Temporal's tools take any other word for false.
    if (value !== undefined && !/^(1|0|true|false)$/.test(value))
      throw new SettingError(`${name} is "${value}"`, `Set ${name}=true or ${name}=false.`);
  }
  const has = (what: string): boolean =>
    env[`TEMPORAL_TLS_CLIENT_${what}_PATH`] !== undefined || env[`TEMPORAL_TLS_CLIENT_${what}_DATA`] !== undefined;
  for (const [one, other] of [
    ['KEY', 'CERT'],
    ['CERT', 'KEY'],
  ] as const) {
    if (!has(one) || has(other) || env.TEMPORAL_PROFILE !== undefined) continue;
    throw new SettingError(
      `TEMPORAL_TLS_CLIENT_${one}_PATH is set without TEMPORAL_TLS_CLIENT_${other}_PATH: a client certificate is both`,
      `Set TEMPORAL_TLS_CLIENT_${other}_PATH, too, or unset TEMPORAL_TLS_CLIENT_${one}_PATH.`,
    );
  }
  // A file that ends in a line end makes no header.
  const problem = keyProblem('TEMPORAL_API_KEY', env.TEMPORAL_API_KEY ?? '');
  if (problem !== undefined) throw new SettingError(problem, KEY_ALONE);
}
