// find-server.ts: which Temporal server a client of this home asks, and whether anybody named it. Connects to none, and
// loads no part of Temporal where it can be told without, so that a command that needs no server answers at once.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ServerAddressError, addressProblem } from '../settings/address-problem.ts';
import { SettingError } from '../settings/setting-error.ts';
import { isListening } from '../settings/listening.ts';
import type { TemporalSettings } from '../settings/temporal-settings.ts';
import type { Environment } from '../settings/variables.ts';
import { readStack } from '../store/stack-file.ts';
import type { ClientConfig } from './config.ts';
import { MusterError, RequestRefusedError } from './errors.ts';
import { askSupervisor } from './supervisor-socket.ts';

type Place = Pick<ClientConfig, 'home' | 'environment'>;

/**
 * @param given what the caller names; over everything else.
 * @throws RequestRefusedError when TEMPORAL_ADDRESS is no address; MusterError when the other settings can't be used.
 */
export async function findServer(
  { home, environment }: Place,
  given: { address?: string | undefined; namespace?: string | undefined } = {},
): Promise<TemporalSettings> {
  const { temporalSettings } = await import('../settings/temporal-settings.ts');
  try {
    return temporalSettings(environment, { ...given, stackAddress: await stackAddress(home) });
  } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    throw refused(error);
  }
}

function refused(error: SettingError): MusterError {
  const Refused = error instanceof ServerAddressError ? RequestRefusedError : MusterError;
  return new Refused(error.message, error.hint, { cause: error });
}

/**
 * True when a server is named and something listens there. False where only the address is left at which Temporal's tools
 * look: anybody's server may listen there.
 * @throws RequestRefusedError when TEMPORAL_ADDRESS is no address; MusterError when the other settings can't be used.
 */
export async function namedServerListens(place: Place): Promise<boolean> {
  const address = await namedAddress(place);
  return address !== undefined && (await isListening(address));
}

async function namedAddress(place: Place): Promise<string | undefined> {
  const { environment, home } = place;
  const { TEMPORAL_ADDRESS: named } = environment;
  const problem = named === undefined ? undefined : addressProblem(named);
  if (problem !== undefined) throw refused(new ServerAddressError(problem));
  const near = named ?? (await stackAddress(home));
  if (near !== undefined || !mayHaveProfile(environment)) return near;
  const { address, isDefault } = await findServer(place);
  return isDefault ? undefined : address;
}

/** Of a stack that died the file is left, and by now its port may be another project's. */
async function stackAddress(home: string): Promise<string | undefined> {
  const address = readStack(home)?.temporal.address;
  return address && (await askSupervisor(home, 'status')) ? address : undefined;
}

/** Where Temporal's tools look for profiles, on each system. */
function mayHaveProfile(env: Environment): boolean {
  if (Object.keys(env).some((name) => name.startsWith('TEMPORAL_'))) return true;
  const folders = [
    env.XDG_CONFIG_HOME,
    env.APPDATA,
    ...(env.HOME === undefined ? [] : [join(env.HOME, '.config'), join(env.HOME, 'Library/Application Support')]),
  ];
  return folders.some((folder) => folder !== undefined && existsSync(join(folder, 'temporalio/temporal.toml')));
}
