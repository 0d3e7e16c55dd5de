// ask.ts: asks as a person does: the built CLI, its own stack with the offline model, one stack for all questions.

import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Cleanup } from '../cleanup.ts';
import type { GradedAnswer } from './grade.ts';

const CLI = fileURLToPath(new URL('../../client/cli/main.js', import.meta.url));
const LONGEST_SECONDS = 300;
const MAX_OUTPUT_BYTES = 64 * 1_024 * 1_024;
const MAX_LAST_WORDS = 500;

export interface Asker {
  ask(question: string, folder: string): Promise<Asked>;
}

export interface Asked {
  /** Empty when none came. */
  answer: GradedAnswer;
  /** What the CLI said instead of an answer. */
  failure?: string;
}

/** Starts the stack, which may read everything inside `folders`. `home` is made; nothing else is written. */
export async function startAsker(folders: string, home: string, cleanup: Cleanup): Promise<Asker> {
  mkdirSync(home, { recursive: true });
  const muster = async (...args: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)(process.execPath, [CLI, ...args], {
      cwd: home,
      env: { ...process.env, MUSTER_HOME: join(home, '.muster') },
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    return stdout;
  };
  cleanup.add(() => muster('down'));
  await muster('up', '--docs', folders);
  return {
    async ask(question, folder) {
      const flags = ['--docs', join(folders, folder), '--json', '--no-up', '--timeout', String(LONGEST_SECONDS)];
      try {
        return { answer: answerIn(await muster('run', ...flags, '--', question)) };
      } catch (error) {
        // One question that fails is a finding about the offline model; the others are asked all the same.
        return { answer: { sections: [], citations: [], gaps: [] }, failure: lastWords(error) };
      }
    },
  };
}

/** The answer of the result, which comes last. */
function answerIn(output: string): GradedAnswer {
  const last = output.trim().split('\n').at(-1) ?? '';
  const { result } = JSON.parse(last) as { result?: { answer?: GradedAnswer } };
  if (!result?.answer) throw new Error(`no answer came: ${last}`);
  return result.answer;
}

function lastWords(error: unknown): string {
  const { stderr, message } = error as { stderr?: string; message: string };
  return (stderr?.trim() || message).slice(-MAX_LAST_WORDS);
}
