// notifier-table.ts: the notifiers that a worker has, built in and added, by name. A name that is used twice is refused with
// both owners.

import { z } from 'zod';
import {
  emailNotifier,
  ntfyNotifier,
  webhookNotifier,
  type EmailOptions,
  type Notifier,
  type NtfyOptions,
  type WebhookOptions,
} from '../activities/index.ts';
import { checkDefinition, type ShapesOf } from '../protocol/schemas/definition.ts';
import { BUILT_IN_NOTIFIERS } from '../protocol/notify.ts';
import { namesUsedTwice } from '../protocol/schemas/extensions.ts';
import type { Extension } from './extension.ts';

/** How receivers are told of tasks. What is absent is refused, in words. */
export interface NotifyOptions {
  webhooks?: WebhookOptions;
  email?: EmailOptions;
  ntfy?: NtfyOptions;
  /** Settings of the extensions' notifiers, by name. */
  settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The gateway's address for others, without a slash at its end: links begin so. Default: a command is named. */
  publicUrl?: string;
}

const optionShapes: ShapesOf<NotifyOptions> = {
  webhooks: z.unknown().optional(),
  email: z.unknown().optional(),
  ntfy: z.unknown().optional(),
  settings: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
  publicUrl: z.string().optional(),
};

/** @throws Error with every name that is used twice; DefinitionError for options that can't be used. */
export function notifierTable(options: NotifyOptions, extensions: readonly Extension[]): ReadonlyMap<string, Notifier> {
  checkDefinition('how receivers are told', options, z.strictObject(optionShapes));
  const { webhooks, email, ntfy } = options;
  const problems = notifierProblems(extensions);
  if (problems.length > 0) throw new Error(problems.join('; '));
  const builtIn = [webhookNotifier(webhooks), emailNotifier(email), ntfyNotifier(ntfy)];
  const added = extensions.flatMap(({ notifiers = [] }) => notifiers);
  return new Map([...builtIn, ...added].map((one) => [one.name, one]));
}

/** Names that two notifiers have. */
export function notifierProblems(extensions: readonly Extension[]): string[] {
  return namesUsedTwice('notifiers', [
    ...BUILT_IN_NOTIFIERS.map((name) => ({ name, from: 'built in' })),
    ...extensions.flatMap(({ from, notifiers = [] }) =>
      notifiers.map(({ name }) => ({ name, from: from === undefined ? 'added' : `from ${from}` })),
    ),
  ]);
}
