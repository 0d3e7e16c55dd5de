// ask.ts: `muster ask`: a question that is answered at once, its words on the terminal as they come. What takes longer, or needs a
// plan, goes on as a task with an id, and is followed like one.

import { marksOf } from '../../../protocol/answer.ts';
import type { TaskResult } from '../../../protocol/result.ts';
import { resolveClass } from '../../classes.ts';
import { clientConfig } from '../../config.ts';
import type { AnyTask } from '../../kept-task.ts';
import { TaskHandle } from '../../task-handle.ts';
import { positive, type Command } from '../command.ts';
import { follow, type FollowFlags } from '../follow.ts';
import { onInterrupt } from '../interrupts.ts';
import { checkOutput, OUTPUT_OPTIONS, printResult, wantsJson } from '../result-output.ts';
import { renderAnswer } from '../render/answer.ts';
import { summaryLine } from '../render/summary.ts';
import { START_OPTIONS, type StartFlags } from '../start-flags.ts';
import { withNewTask } from '../start-task.ts';
import { usageError } from '../terminal/cli-error.ts';
import { EXIT, type ExitCode } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { shellSession } from '../terminal/shell-session.ts';
import { plain } from '../terminal/text.ts';

interface AskFlags extends Omit<StartFlags, 'session'>, FollowFlags {
  /** False for `--no-session`. */
  session?: string | false;
  fast?: boolean;
  deep?: boolean;
  /** Seconds. */
  within?: number;
}

export const command: Command<AskFlags> = {
  arguments: '[question]',
  options: [
    ...START_OPTIONS.filter(({ flags }) => !/--(schema|approve|ask)\b/.test(flags)),
    { flags: '--no-docs', about: 'from no documents: the answer has no sources, and says so' },
    { flags: '--fast', about: 'answer at once, whatever the router thinks; planned only where one call is not enough' },
    { flags: '--deep', about: 'plan it, whatever the router thinks' },
    { flags: '--no-session', about: 'without what was asked in this terminal before' },
    {
      flags: '--within <seconds>',
      about: 'how long the answer may take before it goes on as a task (default: as the class says, 6)',
      read: positive,
    },
    ...OUTPUT_OPTIONS,
  ],
  examples: [
    'muster ask "At which pressure does the relief valve open?" --docs ./docs',
    'muster ask "What does idempotent mean?" --no-docs',
  ],
  async run(words, flags, io) {
    checkOutput(flags);
    if (flags.fast && flags.deep) throw usageError('--fast and --deep exclude each other', 'Leave one of them out.');
    const path = flags.fast ? 'fast' : flags.deep ? 'deep' : 'auto';
    const { gateway, configPath } = clientConfig();
    if (gateway && flags.within !== undefined)
      throw usageError('--within goes without a gateway, which keeps to its class', 'Leave it out, or name a --class.');
    const { fastBudgetMs } = gateway ? NO_CLOCK : await resolveClass(flags.class, configPath);
    const budgetMs = flags.within === undefined ? fastBudgetMs : flags.within * 1_000;
    const { session: _session, ...rest } = flags;
    const asked: StartFlags = { ...rest, ...sessionFor(flags, io), path };
    return await withNewTask(words, asked, io, (task) => answerAt(task, io, flags, budgetMs));
  },
};

/** A gateway has a clock of its own. */
const NO_CLOCK = { fastBudgetMs: undefined };

/** Questions typed one after the other in one terminal are of one session; with a key, a repeat must be the same request. */
function sessionFor({ session, key }: AskFlags, io: Io): Pick<StartFlags, 'session'> {
  if (session === false) return {};
  if (session !== undefined) return { session };
  return io.outIsTerminal && key === undefined ? { session: shellSession() } : {};
}

/** @param budgetMs how long it may take before whoever waits is told; undefined where others look to that. */
async function answerAt(task: AnyTask, io: Io, flags: AskFlags, budgetMs: number | undefined): Promise<ExitCode> {
  const left = new AbortController();
  const reader = new Reader(io);
  const interrupts = onInterrupt({
    first: () => {
      if (reader.shown === '') io.freshLine();
      reader.end();
      io.say(`The task goes on. muster watch ${task.taskId} · Ctrl-C again to cancel it`);
    },
    second: () => void task.cancel('cancelled by Ctrl-C').catch(() => undefined),
    leave: () => left.abort(EXIT.interrupted),
  });
  const { signal } = left;
  const late = budgetMs === undefined ? undefined : setTimeout(() => void giveUp(task), budgetMs);
  try {
    const reading = readAlong(task, io, flags, reader, signal);
    const end = await untilKnown(task, signal, () => {
      reader.end();
      io.say(`It takes longer than an answer at once may: it goes on as task ${task.taskId}.`);
    });
    if (end === 'left') return EXIT.interrupted;
    if (end !== 'answered') {
      interrupts.off();
      left.abort();
      await reading;
      reader.end();
      io.say(`It is planned, since ${end.why}: it goes on as task ${task.taskId}.`);
      return await follow(task, io, { ...flags, after: end.after });
    }
    const result = await task.result();
    left.abort();
    await reading;
    return print(result, reader, io, flags);
  } finally {
    clearTimeout(late);
    left.abort();
    interrupts.off();
  }
}

/** Its event is what is acted on: an answer that is there by then is given. */
async function giveUp(task: AnyTask): Promise<void> {
  if (task instanceof TaskHandle) await task.demote().catch(() => undefined);
}

/** Planned: from which event on it is followed, and why. */
type Known = 'left' | 'answered' | { after: number; why: string };

/** @param late told when the time for an answer at once is over; its words come all the same. */
async function untilKnown(task: AnyTask, signal: AbortSignal, late: () => void): Promise<Known> {
  for await (const event of task.events({ signal })) {
    if (event.type === 'task.demoted' && event.reason === 'budget') late();
    else if (event.type === 'task.accepted' && event.route?.path === 'deep')
      return { after: event.n, why: event.route.why };
    else if (event.type === 'task.demoted' || event.type === 'plan.ready')
      return { after: event.n, why: ('why' in event && event.why) || NOT_ENOUGH };
    else if (event.type === 'answer.ready' || event.type === 'task.closed') return 'answered';
  }
  return signal.aborted ? 'left' : 'answered';
}

const NOT_ENOUGH = 'one call does not answer it';

async function readAlong(task: AnyTask, io: Io, flags: AskFlags, reader: Reader, signal: AbortSignal): Promise<void> {
  if (!io.outIsTerminal || wantsJson(flags) || flags.format !== undefined) return;
  try {
    for await (const text of wordsOf(task, signal)) reader.show(text);
  } catch {
    // It is read along, and its result is what counts.
  }
}

/** The whole text so far, each time there is more of it. */
async function* wordsOf(task: AnyTask, signal: AbortSignal): AsyncGenerator<string> {
  if (task instanceof TaskHandle) return yield* task.answerText({ signal });
  const { HttpTask, draftAfter } = await import('../../http/index.ts');
  if (!(task instanceof HttpTask)) return;
  let text = '';
  for await (const frame of task.stream({ signal })) {
    const before = text;
    text = draftAfter(text, frame);
    if (text !== before) yield text;
  }
}

/** What was shown of a text on a terminal that can't take anything back but by beginning anew. */
class Reader {
  readonly #io: Io;
  #shown = '';

  constructor(io: Io) {
    this.#io = io;
  }

  get shown(): string {
    return this.#shown;
  }

  show(whole: string): void {
    // A mark, and the space before it, may be cut in the middle.
    const text = numbered(plainLines(whole)).replace(/\s*\[?[\d,\s]*$/, '');
    if (!text.startsWith(this.#shown)) {
      this.end();
    }
    this.#io.out(text.slice(this.#shown.length));
    this.#shown = text;
  }

  /** On a line of its own stands what comes next; of the text nothing counts as shown any more. */
  end(): void {
    if (this.#shown !== '') this.#io.out('\n');
    this.#shown = '';
  }
}

const plainLines = (text: string): string => text.split('\n').map(plain).join('\n');

/** Marks as they will be: passages are numbered by their first use. */
function numbered(text: string): string {
  const order: string[] = [];
  return text.replace(/\[([\d\s,]+)\]/g, (_mark, list: string) =>
    list
      .split(',')
      .map((one) => one.trim())
      .map((one) => `[${(order.includes(one) ? order.indexOf(one) : order.push(one) - 1) + 1}]`)
      .join(''),
  );
}

/** What stands there already is not printed a second time, as long as it is what was kept. */
function print(result: TaskResult, reader: Reader, io: Io, flags: AskFlags): ExitCode {
  const { answer } = result;
  const claims = answer?.sections.flatMap((section) => section.claims) ?? [];
  const whole = claims.map((claim) => `${plain(claim.text)} ${marksOf(claim)}`).join(' ');
  const rest = reader.shown === '' ? undefined : behind(reader.shown, whole);
  if (!answer || rest === undefined) {
    reader.end();
    return printResult(result, io, flags);
  }
  io.out(`${rest}\n${renderAnswer(answer, io.outColumns, io.outColours, 'behind')}`);
  io.say(summaryLine(result), io.messageColours.dim);
  return EXIT.done;
}

/** What of a text follows its beginning, white space aside; undefined where it begins otherwise. */
function behind(begun: string, whole: string): string | undefined {
  const words = begun.replace(/\s/g, '');
  let at = 0;
  for (let said = 0; said < words.length; at += 1) {
    const char = whole[at];
    if (char === undefined) return undefined;
    if (/\s/.test(char)) continue;
    if (char !== words[said]) return undefined;
    said += 1;
  }
  return whole.slice(at);
}
