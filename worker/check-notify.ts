// check-notify.ts: whether receivers can be told of tasks, as far as this shows without telling anybody: keys and tokens are
// there, the mail server takes the connection and the password. Shows no secret.

import { mailServerProblem } from '../activities/index.ts';
import type { NotifyOptions } from './notifier-table.ts';

/** One line for people, and whether it works. */
export interface NotifyCheck {
  what: string;
  works: boolean;
  /** What is there, or what is wrong. */
  words: string;
}

/** @param own names of the extensions' notifiers. */
export async function checkNotify(
  { webhooks, email, ntfy, settings = {}, publicUrl }: NotifyOptions,
  own: readonly string[],
  signal: AbortSignal,
): Promise<NotifyCheck[]> {
  const keys = Object.entries(webhooks?.keys ?? {}).map(([name, { secrets, tenants }], at) => ({
    what: `webhook key "${name}"`,
    works: true,
    words: [
      secrets.length === 1 ? 'signs' : `${secrets.length} secrets sign`,
      ...(at === 0 ? ['used where a request names none'] : []),
      ...(tenants ? [`for ${tenants.join(', ')}`] : []),
    ].join(', '),
  }));
  const idle = Object.keys(settings).filter((name) => !own.includes(name));
  return [
    ...keys,
    ...(email ? [await mailCheck(email, signal)] : []),
    ...(ntfy
      ? [{ what: 'ntfy', works: true, words: ntfy.token ? `a token for ${ntfy.token.server}` : 'no token' }]
      : []),
    ...own.map((name) => ({ what: `notifier "${name}"`, works: true, words: 'of an extension' })),
    ...idle.map((name) => ({
      what: `notifier "${name}"`,
      works: false,
      words: 'has settings, and no extension defines it',
    })),
    ...(publicUrl === undefined ? [] : [{ what: 'links', works: true, words: `begin with ${publicUrl}` }]),
  ];
}

async function mailCheck(email: NonNullable<NotifyOptions['email']>, signal: AbortSignal): Promise<NotifyCheck> {
  const problem = await mailServerProblem(email, signal);
  const to = `mails go to ${email.allow.join(', ')}`;
  return { what: `mail server ${email.host}`, works: problem === undefined, words: problem ?? to };
}
