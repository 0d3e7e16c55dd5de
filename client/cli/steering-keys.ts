// steering-keys.ts: what keys mean while the tree of a running task is drawn: each sends a command, some after a word that is
// typed first; and what a person is waited for: a plan's approval, a sub-agent's question. Knows no terminal: keys come in, lines
// go out.

import type { OpenQuestion } from '../../protocol/ask.ts';
import type { Proposal } from '../../protocol/progress.ts';
import type { CommandBody, CommandReceipt } from '../../protocol/task-commands.ts';
import type { TaskStatus } from '../status.ts';
import { receiptLine } from './tell.ts';
import { columnsOf, oneLine } from './terminal/text.ts';

export const KEYS_HINT = 'keys: p pause · n note · x stop one · r retry one · + more time · ? all';
const HELP = [
  'p pauses the task, or goes on · n tells its sub-agents something',
  'x stops one · r begins one again · + gives 10 minutes more · Ctrl-C leaves',
  'a answers what a sub-agent asks, or shows the plan that waits and asks whether it may run',
];
const MORE_SECONDS = 600;
const MAX_TYPED = 4_000;

export interface KeyPorts {
  command(body: CommandBody): Promise<CommandReceipt>;
  /** The plan that waits, in lines, and what an approval names it by. */
  plan(): Promise<{ hash: string; lines: readonly string[] } | undefined>;
  reply(handle: string, words: string): Promise<void>;
  /** A line that stays. */
  say(line: string): void;
  /** What is being typed, with what it is for; which keys there are when nothing is. */
  asking(line: string): void;
  /** Columns that such a line may take. Default: any. */
  columns?(): number;
}

interface Question {
  /** As things are now: what may be chosen changes while a person types. */
  label: () => string;
  typed: string[];
  /** What becomes of the words that were typed; there are some. */
  typedAll(words: string): void;
}

export class SteeringKeys {
  readonly #ports: KeyPorts;
  #status: TaskStatus | undefined;
  #question: Question | undefined;
  /** Sent one after the other: a pause and a resume must not overtake each other. */
  #sent: Promise<void> = Promise.resolve();
  /** What the last key made of the task, before a status says so. */
  #pauses: boolean | undefined;

  constructor(ports: KeyPorts) {
    this.#ports = ports;
  }

  status(status: TaskStatus): void {
    this.#status = status;
    this.#pauses = undefined;
    this.show();
  }

  /** The line of keys, or of what is typed, as it is now. */
  show(): void {
    const { label, typed = [] } = this.#question ?? {};
    const columns = this.#ports.columns?.() ?? Infinity;
    this.#ports.asking(label === undefined ? fitting(this.#hint(), columns) : `${label()}: ${typed.join('')}`);
  }

  #hint(): string {
    const { proposal, question } = this.#waits();
    if (proposal) return 'the plan waits for you: a shows it and asks · ? all keys';
    if (question) return `${question.subtask} asks you: a answers · ? all keys`;
    return this.#isPaused ? KEYS_HINT.replace('p pause', 'p go on') : KEYS_HINT;
  }

  /** What goes on only once a person says something. */
  #waits(): { proposal?: Proposal | undefined; question?: OpenQuestion | undefined } {
    const { proposal, questions: [question] = [] } = this.#status?.progress ?? {};
    return { proposal, question };
  }

  press(key: string): void {
    if (this.#question) return this.#type(this.#question, key);
    switch (key) {
      case 'p':
        return this.#pauseOrResume();
      case 'n':
        return this.#ask(
          () => 'note to all (s2: … to one)',
          (text) => this.#send(noteOf(text)),
        );
      case 'x':
        return this.#ask(
          () => `stop which${this.#among(isOpen)}`,
          (to) => this.#send({ kind: 'stop', to }),
        );
      case 'r':
        return this.#retry();
      case 'a':
        return this.#answer();
      case '+':
        return this.#send({ kind: 'extend', seconds: MORE_SECONDS });
      case '?':
        return HELP.forEach((line) => this.#ports.say(line));
      default:
        return;
    }
  }

  get #isPaused(): boolean {
    return this.#pauses ?? this.#status?.state === 'paused';
  }

  #pauseOrResume(): void {
    const isPaused = this.#isPaused;
    this.#pauses = !isPaused;
    this.#send({ kind: isPaused ? 'resume' : 'pause' });
  }

  #retry(): void {
    const failed = this.#subtasks().filter(({ state }) => state === 'failed' || state === 'stopped');
    const [only] = failed;
    if (only && failed.length === 1) return this.#send({ kind: 'retry', to: only.id });
    this.#ask(
      () => `retry which${this.#among(({ state }) => state !== 'planned')}`,
      (to) => this.#send({ kind: 'retry', to }),
    );
  }

  #answer(): void {
    const { proposal, question } = this.#waits();
    if (proposal) return this.#showPlan();
    if (!question) return this.#ports.say('nothing waits for a person just now');
    this.#ask(
      () => `answer ${asked(question)}`,
      (words) =>
        this.#inTurn(async () => {
          await this.#ports.reply(question.handle, words);
          return 'recorded: the sub-agent goes on with it';
        }),
    );
  }

  #showPlan(): void {
    this.#inTurn(async () => {
      const plan = await this.#ports.plan();
      if (!plan) return 'the plan can’t be read from here; muster approve shows it';
      for (const line of plan.lines) this.#ports.say(line);
      const approve = (approved: boolean): void => this.#send({ kind: 'approve', plan: plan.hash, approved });
      this.#ask(
        () => 'let this plan run? (yes, or refuse, which ends the task)',
        (words) => {
          if (/^y(es)?$/i.test(words)) approve(true);
          else if (/^refuse$/i.test(words)) approve(false);
          else this.#ports.say('nothing was changed; the plan waits on');
        },
      );
      return undefined;
    });
  }

  #subtasks(): NonNullable<TaskStatus['progress']>['subtasks'] {
    return this.#status?.progress?.subtasks ?? [];
  }

  /** ` (s1, s2)` */
  #among(counts: (one: { state: string }) => boolean): string {
    const ids = this.#subtasks().flatMap((one) => (counts(one) ? [one.id] : []));
    const shown = ids.length > MOST_NAMED ? [...ids.slice(0, MOST_NAMED), '…'] : ids;
    return shown.length === 0 ? '' : ` (${shown.join(', ')})`;
  }

  #ask(label: () => string, typedAll: Question['typedAll']): void {
    this.#question = { label, typed: [], typedAll };
    this.show();
  }

  #type(question: Question, key: string): void {
    if (key === '\r' || key === '\n') {
      this.#question = undefined;
      const words = question.typed.join('').trim();
      if (words !== '') question.typedAll(words);
    } else if (key === '\u001b' || key === '\u0004') this.#question = undefined;
    else if (key === '\u007f' || key === '\b') question.typed.pop();
    else if (key === '\u0015') question.typed = [];
    else if (!key.startsWith('\u001b') && question.typed.length < MAX_TYPED) question.typed.push(oneKey(key));
    this.show();
  }

  #send(body: CommandBody): void {
    this.#inTurn(async () => receiptLine(await this.#ports.command(body)));
  }

  /** Says what became of it; undefined: nothing that has to be said. */
  #inTurn(work: () => Promise<string | undefined>): void {
    this.#sent = this.#sent.then(async () => {
      try {
        const line = await work();
        if (line !== undefined) this.#ports.say(line);
      } catch (error) {
        this.#pauses = undefined;
        this.#ports.say(`not done: ${error instanceof Error ? oneLine(error.message) : String(error)}`);
      }
    });
  }
}

/** The keys that come first and the last one, which shows all: those between are left out where the line is too long. */
function fitting(hint: string, columns: number): string {
  const keys = hint.split(' · ');
  while (keys.length > 2 && columnsOf(keys.join(' · ')) > columns) keys.splice(-2, 1);
  return keys.join(' · ');
}

/** `s1: “Which service is meant?” (harbour | lighthouse)` */
const asked = ({ subtask, question, choices }: OpenQuestion): string =>
  oneLine(`${subtask}: “${question}”${choices ? ` (${choices.join(' | ')})` : ''}`);

const MOST_NAMED = 8;
const ENDED = new Set(['done', 'failed', 'skipped', 'stopped']);
const isOpen = ({ state }: { state: string }): boolean => !ENDED.has(state);

/** A tab is a space; what drives a terminal is nothing. */
const oneKey = (key: string): string => (key === '\t' || key === ' ' ? ' ' : oneLine(key));

/** `s2: look there` is for one, anything else for all. */
function noteOf(typed: string): CommandBody {
  const [, to, text] = /^(s\d+): *(.*)$/s.exec(typed) ?? [];
  return to === undefined || text === undefined ? { kind: 'note', text: typed } : { kind: 'note', text, to };
}
