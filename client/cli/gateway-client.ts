// gateway-client.ts: commands over HTTP (`--url`, MUSTER_URL): the gateway's client for a command, and the request as one
// types it for a gateway. Nothing local is started, and no part of Temporal is loaded.

import { resolve } from 'node:path';
import { labelProblem } from '../../protocol/label.ts';
import { goalProblem } from '../../protocol/task.ts';
import type { GatewayPlace } from '../config.ts';
import { RequestRefusedError } from '../errors.ts';
import type { HttpClient, HttpSource, HttpTaskInput } from '../http/http-client.ts';
import { commandTraceparent } from './command-span.ts';
import { CliError, usageError } from './terminal/cli-error.ts';
import { EXIT } from './terminal/exit-codes.ts';
import type { Io } from './terminal/io.ts';
import { readGoal } from './read-goal.ts';
import { splitSources } from './sources.ts';
import { KEY_ALONE, keyProblem } from '../../settings/key-problem.ts';
import { besideOf, readSchema, type StartFlags } from './start-flags.ts';

const NOT_ALLOWED: readonly number[] = [401, 403];

/**
 * @param traceparent sent with each request. Default: the command's own.
 * @throws what `work` throws; CliError (usage) where its address is none, CliError (not allowed) where the gateway wants another key.
 */
export async function withGateway<T>(
  { url, apiKey }: GatewayPlace,
  io: Io,
  tenant: string | undefined,
  work: (client: HttpClient) => Promise<T>,
  traceparent: () => string | undefined = commandTraceparent,
): Promise<T> {
  // What `--url` names was judged where it was read.
  if (!isHttpAddress(url))
    throw usageError(
      `MUSTER_URL is "${url}"; it must be the http or https address of a gateway`,
      'Write it as https://host.',
    );
  const problem = apiKey === undefined ? undefined : keyProblem('MUSTER_API_KEY', apiKey);
  if (problem !== undefined) throw new CliError(EXIT.notAllowed, problem, KEY_ALONE);
  const { GatewayRefusedError, HttpClient: Client } = await import('../http/index.ts');
  const client = new Client({
    url,
    ...(apiKey === undefined ? {} : { apiKey }),
    ...(tenant === undefined ? {} : { tenant }),
    traceparent,
  });
  if (apiKey !== undefined && !isSafe(new URL(url)))
    io.say(`muster: the key goes to ${url} without encryption; whoever is on the way can read it`);
  try {
    return await work(client);
  } catch (error) {
    if (error instanceof RequestRefusedError) throw new RequestRefusedError(asTyped(error.message), error.hint);
    if (!(error instanceof GatewayRefusedError) || !NOT_ALLOWED.includes(error.status)) throw error;
    throw new CliError(EXIT.notAllowed, `the gateway at ${url} refuses: ${error.message}`, error.hint);
  }
}

/** The fields of a request by what a person types for them. */
const TYPED: Readonly<Record<string, string>> = {
  goal: 'the question',
  sources: '--docs',
  class: '--class',
  limits: '--budget',
  output_schema: '--schema',
  session_id: '--session',
  notify: '--notify',
  background: '--background',
  join: '--join',
  hedge: '--hedge',
  rounds: '--rounds',
};

/** `/sources/0: …` is a place in a request that nobody at a terminal wrote. */
const asTyped = (message: string): string =>
  message.replace(/(^|; )\/(\w+)[^\s:]*: /g, (whole, before: string, field: string) =>
    Object.hasOwn(TYPED, field) ? `${before}${TYPED[field]}: ` : whole,
  );

const isHttpAddress = (url: string): boolean => URL.canParse(url) && /^https?:/i.test(url);

const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname);

/** What `run` and `start` ask of a gateway. Only what it can't judge better is judged here. */
export async function readHttpRequest(words: string[], flags: StartFlags, io: Io): Promise<HttpTaskInput> {
  const goal = await readGoal(words, io);
  const problem = goalProblem(goal);
  if (problem) throw new RequestRefusedError(problem);
  const { paths, urls } = splitSources(flags.docs === false ? [] : (flags.docs ?? ['.']));
  return {
    goal,
    sources: [...paths.map((one) => sourceOf(one, flags)), ...urls.map((url) => ({ kind: 'url' as const, url }))],
    ...(flags.class === undefined ? {} : { class: flags.class }),
    ...(flags.path === undefined ? {} : { path: flags.path }),
    ...(flags.schema === undefined ? {} : { outputSchema: readSchema(flags.schema) }),
    ...(flags.session === undefined ? {} : { sessionId: flags.session }),
    ...besideOf(flags),
  };
}

/** A bare name is a source of the gateway's config; a path, of a gateway on this machine, has a slash or a dot before it. */
function sourceOf(named: string, { include, exclude }: StartFlags): HttpSource {
  const isName = !/^[.~]/.test(named) && labelProblem('source', named) === undefined;
  if (isName) return { kind: 'named', name: named };
  return { kind: 'path', path: resolve(named), ...(include ? { include } : {}), ...(exclude ? { exclude } : {}) };
}
