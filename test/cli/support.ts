// support.ts: the CLI as a real process of the build, in a folder and an environment of its own, or in this process; and values
// to render.

import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import picocolors from 'picocolors';
import { runCommandLine } from '../../client/cli/run-command-line.ts';
import { plain } from '../../client/cli/terminal/text.ts';
import type { Answer } from '../../protocol/answer.ts';
import type { TaskEvent, TaskEventBody } from '../../protocol/events.ts';

export const MAIN = resolve(__dirname, '../../dist/client/cli/main.js');
/** Settings of whoever runs the tests. */
const OURS = /^(TEMPORAL_|MUSTER_|OPENAI_|NO_COLOR)/;
export const noColours = picocolors.createColors(false);
export const withColours = picocolors.createColors(true);
// oxlint-disable-next-line no-control-regex -- what must not reach a terminal from a document
export const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
/** A document that would clear the screen, set the title, write backwards and ring. */
export const HOSTILE = 'safe\u001b[2J\u001b]0;owned\u0007 \u009b31m\u202Eevil\r\u0008 end';

export interface Ended {
  code: number | null;
  out: string;
  talk: string;
  ms: number;
}

export interface Running {
  child: ChildProcess;
  sofar: Ended;
  ended: Promise<Ended>;
}

export const emptyFolder = (): string => realpathSync(mkdtempSync(join(tmpdir(), 'muster-cli-')));

/** Starts `muster …` with the caller's settings for Temporal, Muster and models taken out. */
export function muster(
  args: string[],
  { cwd = emptyFolder(), env = {}, stdin }: { cwd?: string; env?: Record<string, string>; stdin?: string } = {},
): Running {
  const clean = Object.entries(process.env).filter(([name]) => !OURS.test(name));
  const began = Date.now();
  const child = spawn(process.execPath, [MAIN, ...args], { cwd, env: { ...Object.fromEntries(clean), ...env } });
  const sofar: Ended = { code: null, out: '', talk: '', ms: 0 };
  child.stdout.on('data', (data: Buffer) => (sofar.out += data.toString('utf8')));
  child.stderr.on('data', (data: Buffer) => (sofar.talk += data.toString('utf8')));
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin ?? '');
  const ended = new Promise<Ended>((done) => {
    child.on('close', (code) => done(Object.assign(sofar, { code, ms: Date.now() - began })));
  });
  return { child, sofar, ended };
}

let isBusy = false;

/**
 * The same command line in this process, one at a time, for words of which one suffices to see that a process passes them on:
 * a process costs a hundred times as much.
 */
export async function musterHere(
  args: string[],
  { cwd = emptyFolder(), env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> {
  if (isBusy) throw new Error('one at a time: the working folder and the environment are this process’s');
  isBusy = true;
  const began = Date.now();
  const before = { cwd: process.cwd(), env: process.env };
  const ended: Ended = { code: null, out: '', talk: '', ms: 0 };
  process.env = { ...Object.fromEntries(Object.entries(before.env).filter(([name]) => !OURS.test(name))), ...env };
  process.chdir(cwd);
  try {
    ended.code = await runCommandLine(args, {
      out: (text) => void (ended.out += text),
      say: (line, paint = String) => void (ended.talk += `${paint(plain(line))}\n`),
      sayPainted: (text) => void (ended.talk += text),
      freshLine: () => undefined,
      passing: undefined,
      outIsTerminal: false,
      screen: undefined,
      outColumns: 80,
      outColours: noColours,
      messageColours: noColours,
    });
  } finally {
    process.chdir(before.cwd);
    process.env = before.env;
    isBusy = false;
  }
  return { ...ended, ms: Date.now() - began };
}

export function event(body: TaskEventBody, n = 1): TaskEvent {
  return { v: 1, run: 'run-1', n, at: new Date(2026, 0, 2, 12, 3, 1).getTime(), ...body };
}

export const USAGE = { modelCalls: 3, toolCalls: 2, inputTokens: 12_000, outputTokens: 345, wastedTokens: 0 };

export const ANSWER: Answer = {
  sections: [
    {
      heading: 'Retries',
      claims: [
        {
          text: 'Lighthouse repeats an alarm that nobody takes after four minutes, at most three times, and then it goes to the harbour master.',
          citations: [1, 2],
        },
      ],
    },
  ],
  citations: [
    { source: 'lighthouse.md', sha256: 'a'.repeat(64), quote: 'repeated after 4 minutes', place: { line: 11 } },
    { source: 'rules.pdf', sha256: 'b'.repeat(64), quote: 'at most three times', place: { page: 2, line: 4 } },
  ],
  gaps: ['Nothing was found on: tidebook'],
  notes: ['No model was configured.'],
};
