// doctor.ts: `muster doctor`: what is wrong with a set-up, and what mends it. Reads its command line and prints; the checks are in
// doctor/. Starts no worker and changes nothing.

import { parseArgs } from 'node:util';
import wrapAnsi from 'wrap-ansi';
import { harmlessJson, oneRow } from '../protocol/log-line.ts';
import { hiding, secretsOf } from '../protocol/secrets.ts';
import { withoutEmptyVariables } from '../settings/variables.ts';
import type { Check } from './doctor/finding.ts';
import type { Told } from './doctor/run-checks.ts';

const helpText = (
  checks: readonly Check[],
): string => `muster doctor: looks at this set-up and says what is wrong with it, each with what mends it. Changes nothing.

${checks.map(({ name, about }) => `  ${name.padEnd(12)}${about}`).join('\n')}

muster doctor --keys, --models, --notify, --consistency: look at this alone.

  --keys          ask each configured model for a word: a tiny call each, which shows whether its key works
  --models        ask each of them for text, a tool call, a schema and a stream, and embeddings for vectors, and say what
                  works, what its server does not take, and what it cost (some hundred tokens each)
  --notify        look at keys, mail server and tokens that notifications need; sends none
  --consistency   hold history, events, logs, texts and results of closed tasks against each other
  --last <n>      … of the last n tasks (default: 100)
  --json          NDJSON: a finding, a model, a key or a task a line

Exit code: 0 nothing is broken (warnings break nothing), 1 something is, 2 usage. Settings are those of muster worker.

Examples:  muster doctor
           muster doctor --json | jq 'select(.state == "broken")'
           muster doctor --consistency --last 20
`;

const FLAGS = {
  keys: { type: 'boolean' },
  models: { type: 'boolean' },
  notify: { type: 'boolean' },
  consistency: { type: 'boolean' },
  last: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

async function main(argv: string[]): Promise<number> {
  const read = flagsOf(argv);
  if ('problem' in read) return refuse([`${read.problem}: see muster doctor --help`]);
  const { flags } = read;
  if (flags.help) {
    const { CHECKS } = await import('./doctor/checks.ts');
    process.stdout.write(helpText(CHECKS));
    return 0;
  }
  const isJson = flags.json === true;
  if (flags.consistency) return await lookAtClosed(flags.last === undefined ? LAST : Number(flags.last), isJson);
  if (!flags.keys && !flags.models && !flags.notify) return await lookAtAll(isJson);
  const { readSettings } = await import('./read-settings.ts');
  // Who is told of tasks does not depend on a model: none is started, and none is asked.
  const noModel = flags.models || flags.keys ? {} : { startOffline: async () => 'http://127.0.0.1' };
  const env = withoutEmptyVariables(process.env);
  const [{ otherThanStack }, { findHome }, { readStack }] = await Promise.all([
    import('./doctor/check-settings.ts'),
    import('../store/home.ts'),
    import('../store/stack-file.ts'),
  ]);
  for (const { words, next } of otherThanStack(env, readStack(findHome(env)))) say(`${words}\n  Next: ${next}`);
  const settings = await readSettings(env, noModel);
  if ('problems' in settings) return refuse(settings.problems);
  const { config } = settings;
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort(new Error('stopped')));
  const telling = { isJson, signal: stop.signal, say };
  const canTell = !flags.notify || (await (await import('./doctor/tell-notify.ts')).tellNotify(config, telling));
  const canAsk = !flags.keys || (await (await import('./doctor/tell-models.ts')).tellKeys(config, telling));
  const canAll = !flags.models || (await (await import('./doctor/tell-models.ts')).tellModels(config, telling));
  return canTell && canAsk && canAll ? 0 : 1;
}

const LAST = 100;

function flagsOf(args: string[]) {
  try {
    const flags = parseArgs({ args, options: FLAGS }).values;
    if (flags.last !== undefined && !/^[1-9]\d{0,5}$/.test(flags.last))
      return { problem: `--last is "${flags.last}", it must be a whole number from 1` };
    if (flags.last !== undefined && !flags.consistency) return { problem: '--last goes with --consistency' };
    return { flags };
  } catch (error) {
    return { problem: (error instanceof Error ? error.message : String(error)).split('.')[0] };
  }
}

/** All checks side by side, each finding shown as it comes. */
async function lookAtAll(isJson: boolean): Promise<number> {
  const [{ CHECKS }, { runChecks }, { openSubject }] = await Promise.all([
    import('./doctor/checks.ts'),
    import('./doctor/run-checks.ts'),
    import('./doctor/subject.ts'),
  ]);
  const subject = await openSubject(withoutEmptyVariables(process.env));
  const hide = hiding(secretsOf(process.env));
  const counts = { ok: 0, warn: 0, broken: 0, skipped: 0 };
  await runChecks(CHECKS, subject, (told) => {
    counts[told.state] += 1;
    process.stdout.write(hide(isJson ? `${harmlessJson(JSON.stringify(told))}\n` : findingText(told)));
  });
  await subject.close();
  if (!isJson)
    say(`${counts.broken} broken, ${counts.warn} to look at, ${counts.ok} fine, ${counts.skipped} not looked at`);
  return counts.broken > 0 ? 1 : 0;
}

/** Closed tasks, each difference shown as it is found. */
async function lookAtClosed(last: number, isJson: boolean): Promise<number> {
  const [{ lookAtTasks }, { openSubject }] = await Promise.all([
    import('./doctor/consistency/look-at-tasks.ts'),
    import('./doctor/subject.ts'),
  ]);
  const subject = await openSubject(withoutEmptyVariables(process.env));
  try {
    const problem = await subject.noServer();
    if (problem) throw new Error(`${problem.message}\n  Next: ${problem.hint}`);
    if (!subject.store) throw new Error('there is no deployment here yet: muster up, or muster worker, makes one');
    const { store } = subject;
    const { looked, differ } = await lookAtTasks({ server: await subject.server(), store }, last, (one) => {
      const words = oneRow(`${one.what}: ${one.words}`);
      process.stdout.write(isJson ? `${harmlessJson(JSON.stringify(one))}\n` : `differs ${one.task}  ${words}\n`);
    });
    const all = looked === 1 ? '1 closed task was' : `${looked} closed tasks were`;
    const how = differ === 0 ? 'nothing differs' : differ === 1 ? '1 of them differs' : `${differ} of them differ`;
    say(`${all} looked at, ${how}`);
    return differ > 0 ? 1 : 0;
  } finally {
    await subject.close();
  }
}

const INDENT = 20;

/** On a terminal broken between words, what follows below its own column; a pipe gets whole lines. */
function findingText({ check, state, words, next }: Told): string {
  // 0 in a terminal that does not know.
  const { isTTY, columns } = process.stdout;
  const under = (text: string): string =>
    isTTY && columns > 0
      ? wrapAnsi(text, Math.max(INDENT, columns - INDENT)).replaceAll('\n', `\n${' '.repeat(INDENT)}`)
      : text;
  const also = next === undefined ? '' : `${' '.repeat(INDENT)}${under(`Next: ${oneRow(next)}`)}\n`;
  return `${`${state.padEnd(8)}${check}`.padEnd(INDENT)}${under(oneRow(words))}\n${also}`;
}

function refuse(problems: readonly string[]): number {
  for (const problem of problems) say(problem);
  return 2;
}

function say(line: string): void {
  process.stderr.write(`muster doctor: ${line}\n`);
}

// `muster doctor | head -1`: whoever reads may have seen enough; the exit code is for others.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

process.exitCode = await main(process.argv.slice(2)).catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return 1;
});
process.exit();
