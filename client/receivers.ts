// receivers.ts: who can't be told of a task, said before it starts: by the config file that its workers have, where that is known,
// else by the address alone. The modules of a file are loaded only for a kind that is not built in.

import { BUILT_IN_NOTIFIERS, type Notify } from '../protocol/notify.ts';
import { addressProblem, receiverProblem, type NotifySettings } from '../protocol/schemas/notify.ts';
import { readStack } from '../store/stack-file.ts';
import { notifierNames } from './classes.ts';
import { readConfig } from './config-file.ts';
import type { ClientConfig } from './config.ts';
import { RequestRefusedError } from './errors.ts';
import { askSupervisor } from './supervisor-socket.ts';

/** The config file that the workers of a task have; its path is undefined where they have none. */
export interface WorkersFile {
  path: string | undefined;
}

/** The first receiver that can't be told, and why. */
export interface Untold {
  receiver: Notify;
  problem: string;
}

/**
 * @param file undefined: it is not known here, and workers judge what is not said by the address.
 * @throws RequestRefusedError when the file, or a module that it names, can't be used.
 */
export async function untoldReceiver(
  receivers: readonly Notify[],
  tenant: string,
  file: WorkersFile | undefined,
): Promise<Untold | undefined> {
  // Without receivers nothing of the file is asked for.
  if (receivers.length === 0) return undefined;
  const settings = file && (await withOwnNotifiers(readConfig(file.path), receivers, file.path));
  for (const receiver of receivers) {
    const problem = settings ? receiverProblem(receiver, settings, tenant) : addressProblem(receiver);
    if (problem !== undefined) return { receiver, problem };
  }
  return undefined;
}

/** @throws RequestRefusedError for the first that can't be told; as `untoldReceiver`. */
export async function refuseUntold(
  receivers: readonly Notify[] | undefined,
  tenant: string,
  file: WorkersFile | undefined,
): Promise<void> {
  const untold = await untoldReceiver(receivers ?? [], tenant, file);
  if (untold) throw new RequestRefusedError(untold.problem);
}

/**
 * With the names of the file's own notifiers, where one of the receivers is of none that is built in.
 * @throws RequestRefusedError when a module can't be loaded.
 */
export async function withOwnNotifiers(
  settings: NotifySettings,
  receivers: readonly Pick<Notify, 'kind'>[],
  configPath: string | undefined,
): Promise<NotifySettings> {
  if (settings.own || receivers.every(({ kind }) => BUILT_IN_NOTIFIERS.includes(kind))) return settings;
  return { ...settings, own: await notifierNames(configPath) };
}

/**
 * The file of the workers of this home: the one named here, else that of the stack that runs.
 * @param willStart whether a stack is started, with the settings of this process, where none runs.
 * @returns undefined where the workers may have another one.
 */
export async function fileOfWorkers(
  { isRemote, configPath, home }: Pick<ClientConfig, 'isRemote' | 'configPath' | 'home'>,
  willStart: boolean,
): Promise<WorkersFile | undefined> {
  if (isRemote) return undefined;
  if (configPath !== undefined) return { path: configPath };
  if (!(await askSupervisor(home, 'status'))) return willStart ? { path: undefined } : undefined;
  const started = readStack(home)?.startedWith;
  return started && { path: started.shown.MUSTER_CONFIG };
}
