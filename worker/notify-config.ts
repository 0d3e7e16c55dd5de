// notify-config.ts: how receivers are told of tasks, from the config file and the variables that it names. Secrets stay here and
// in the notifiers made of them.

import type { EmailOptions, NtfyOptions, WebhookOptions } from '../activities/index.ts';
import type { ConfigFile } from '../protocol/schemas/config.ts';
import { KEY_ALONE, keyProblem } from '../settings/key-problem.ts';
import { webhookSecretProblem } from '../settings/webhook-secret.ts';
import type { Environment } from '../settings/variables.ts';
import type { NotifyOptions } from './notifier-table.ts';

/** What the file says, with its secrets; what is wrong with them goes to `problems`. */
export function notifyConfig(env: Environment, file: ConfigFile, problems: string[]): NotifyOptions {
  const { webhooks, email, ntfy, notifiers: settings } = file;
  const { publicUrl } = file.gateway;
  return {
    ...(webhooks ? { webhooks: webhookOptions(webhooks, env, problems) } : {}),
    ...(email ? { email: emailOptions(email, env, problems) } : {}),
    ...(ntfy ? { ntfy: ntfyOptions(ntfy, env, problems) } : {}),
    settings,
    ...(publicUrl === undefined ? {} : { publicUrl }),
  };
}

function webhookOptions(
  { keys, allow }: NonNullable<ConfigFile['webhooks']>,
  env: Environment,
  problems: string[],
): WebhookOptions {
  const made = Object.entries(keys).map(([name, { keyFrom, tenants }]) => {
    const secrets = [keyFrom].flat().flatMap((variable) => {
      const secret = secretFrom(variable, `webhook key "${name}"`, env, problems);
      const problem = secret === undefined ? undefined : webhookSecretProblem(variable, secret);
      if (problem !== undefined) problems.push(problem);
      return secret === undefined || problem !== undefined ? [] : [secret];
    });
    return [name, { secrets, ...(tenants ? { tenants } : {}) }] as const;
  });
  return { keys: Object.fromEntries(made), allow };
}

function emailOptions(
  { userFrom, passwordFrom, port, ...rest }: NonNullable<ConfigFile['email']>,
  env: Environment,
  problems: string[],
): EmailOptions {
  const user = userFrom && secretFrom(userFrom, 'the name at the mail server', env, problems);
  // A password may have any characters.
  const password = passwordFrom && env[passwordFrom];
  if (passwordFrom !== undefined && password === undefined)
    problems.push(`the password at the mail server is taken from ${passwordFrom}, which is not set`);
  return {
    ...rest,
    ...(port === undefined ? {} : { port }),
    ...(user !== undefined && password !== undefined ? { auth: { user, password } } : {}),
  };
}

function ntfyOptions(
  { server, tokenFrom, tenants, allow }: NonNullable<ConfigFile['ntfy']>,
  env: Environment,
  problems: string[],
): NtfyOptions {
  const token = tokenFrom && secretFrom(tokenFrom, 'the token of ntfy', env, problems);
  if (token === undefined || server === undefined) return { allow };
  return { allow, token: { token, server, ...(tenants ? { tenants } : {}) } };
}

/** The variable's value; undefined with a problem when it is not set, or is no key as it is. */
function secretFrom(variable: string, what: string, env: Environment, problems: string[]): string | undefined {
  const secret = env[variable];
  const problem = secret === undefined ? undefined : keyProblem(variable, secret);
  if (secret === undefined) problems.push(`${what} is taken from ${variable}, which is not set`);
  else if (problem !== undefined) problems.push(`${problem}. ${KEY_ALONE}`);
  return problem === undefined ? secret : undefined;
}
