// transcripts.ts: a page's transcripts, and a shell to type them into: what it prints is held against what the page says, but for times,
// ids and numbers.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from '../rig/until.ts';
import { MAIN } from './support.ts';

export interface Block {
  name: string;
  typed: { command: string; prints: string[] }[];
}

/** The sections of a page, with what is typed in each. */
export const blocksOf = (page: string): Block[] =>
  [...page.matchAll(/^### (.+)\n[^]*?(?=^### |$(?![^]))/gm)].map(([section, name = '']) => ({
    name,
    typed: [...section.matchAll(/```text\n([^]*?)```/g)].flatMap(([, text = '']) =>
      text.split(/^\$ /m).flatMap((part) => {
        const [command = '', ...prints] = part.trimEnd().split('\n');
        return command === '' ? [] : [{ command, prints }];
      }),
    ),
  }));

/** Without what is different each time: who, when, ids, numbers, and how much room is between two words. */
const plain = (text: string): string =>
  text
    .replace(/\d\d:\d\d:\d\d \S+@\S+: /g, 'T WHO: ')
    .replace(/\b[0-9a-f]{8,}(?:_\w+)?\b/g, 'H')
    .replace(/msg_\w+/g, 'M')
    .replace(/(?<!\w)\d+(?:[:.,]\d+)*/g, 'N')
    .replace(/\s+/g, ' ');

/** What of the page's lines is not printed, in their order; undefined when all of it is. */
export function missing(prints: readonly string[], out: string): string | undefined {
  const printed = plain(out);
  let at = 0;
  for (const part of prints.flatMap((line) => plain(line).split(/ ?… ?/)).filter((one) => /\w/.test(one))) {
    at = printed.indexOf(part.trim(), at);
    if (at < 0) return part;
    at += part.trim().length;
  }
  return undefined;
}

export interface Shell {
  port: string;
  /** Exit code of the last command. */
  code: number;
  type(line: string): Promise<string>;
  /** Types what does not end by itself, and ends it at the first line that it prints. */
  receive(line: string): Promise<string>;
  close(): Promise<void>;
}

export function openShell(cwd: string, port: string): Shell {
  const clean = Object.entries(process.env).filter(([name]) => !/^(TEMPORAL_|MUSTER_|OPENAI_|NO_COLOR)/.test(name));
  const bash = spawn('bash', ['-s'], { cwd, env: Object.fromEntries(clean) });
  let out = '';
  for (const stream of [bash.stdout, bash.stderr]) stream.on('data', (data: Buffer) => (out += data.toString()));
  bash.stdin.write(`exec 2>&1\nnpx() { shift; "${process.execPath}" "${MAIN}" "$@" </dev/null; }\n`);
  let count = 0;
  const shell: Shell = {
    port,
    code: 0,
    async type(line) {
      const mark = `ended-${(count += 1)}`;
      out = '';
      bash.stdin.write(`${line.replaceAll('9911', port)}\ncode=$?; echo; echo ${mark} $code\n`);
      await until(`${line} has ended`, () => new RegExp(`^${mark} \\d`, 'm').test(out));
      shell.code = Number(new RegExp(`^${mark} (\\d+)`, 'm').exec(out)?.[1]);
      return out.slice(0, out.indexOf(mark));
    },
    async receive(line) {
      await shell.type(`${line} > received.txt & receiver=$!`);
      let told = '';
      await until('it is told', async () => (told = await shell.type('cat received.txt')).trim() !== '');
      await shell.type('kill $receiver');
      return told;
    },
    async close() {
      bash.stdin.end();
      await once(bash, 'close');
    },
  };
  return shell;
}
