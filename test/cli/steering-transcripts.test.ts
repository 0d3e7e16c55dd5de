// steering-transcripts.test.ts: docs/steering.md's transcripts are repeatable: each block is typed into a shell, with the local stack
// behind it, and prints what the page says, but for times, ids and numbers. Only `npm run test:long` types all of them.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { LONG } from '../rig/long.ts';
import { until } from '../rig/until.ts';
import { emptyFolder, MAIN } from './support.ts';

const PAGE = readFileSync(resolve(__dirname, '../../docs/steering.md'), 'utf8');
const BLOCKS = [...PAGE.matchAll(/^### (.+)\n[^]*?(?=^### |$(?![^]))/gm)].map(([section, name = '']) => ({
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
function missing(prints: readonly string[], out: string): string | undefined {
  const printed = plain(out);
  let at = 0;
  for (const part of prints.flatMap((line) => plain(line).split(/ ?… ?/)).filter((one) => /\w/.test(one))) {
    at = printed.indexOf(part.trim(), at);
    if (at < 0) return part;
    at += part.trim().length;
  }
  return undefined;
}

test('a line of a transcript is found whatever time, id and number it has, and missed where a word is another', () => {
  expect(missing(['16:28:12 anna@laptop: pause: 3 end', 's1 done'], '09:00:01 bob@x: pause: 3 end\ns1   done')).toBe(
    undefined,
  );
  expect(missing(['s1 done', 's2 done'], 's2 done s1 done')).toBe('s2 done');
  expect(missing(['{ state: 1, … }'], '{\n  state: 7,\n  more: 1\n}')).toBe(undefined);
  expect(BLOCKS.map(({ typed }) => typed.length > 0).filter(Boolean)).toHaveLength(5);
});

(LONG ? describe : describe.skip)('typed into a shell', () => {
  const folder = emptyFolder();
  let shell: Shell;
  beforeAll(async () => {
    cpSync(resolve(__dirname, '../fixtures/docs'), join(folder, 'docs'), { recursive: true });
    shell = openShell(folder, String(await freePort()));
    const [, script = ''] = /```js\n([^]*?)```/.exec(PAGE) ?? [];
    writeFileSync(join(folder, 'receiver.mjs'), script.replace('9911', shell.port));
    const [, up = ''] = /^(npx muster up --latency .*)$/m.exec(PAGE) ?? [];
    // As long a pause as a person has: on a busy machine a command takes seconds, and what it is for must last that long.
    expect(await shell.type(up)).toContain('up: ');
  }, 300_000);
  afterAll(async () => {
    await shell.type('npx muster down');
    await shell.close();
  }, 120_000);

  test.each(BLOCKS.filter(({ typed }) => typed.length > 0))(
    'prints what docs/steering.md says: $name',
    async ({ typed }) => {
      for (const { command, prints } of typed) {
        const [, slept, rest = ''] = /^(sleep \d+; )?(.*)$/s.exec(command) ?? [];
        const asks = /muster status|approve \$id --json/.test(rest);
        // A person waits until it has come so far; a test until it is seen.
        if (slept !== undefined && !asks)
          await until('all work', async () => /3 running/.test(await shell.type('npx muster status $id')));
        let out = '';
        if (asks)
          await until(`${rest} prints it`, async () => {
            out = await shell.type(rest);
            return shell.code === 0 && missing(prints, out) === undefined;
          });
        else out = await (rest === 'node receiver.mjs' ? shell.receive(rest) : shell.type(rest));
        expect([rest, missing(prints, out)]).toEqual([rest, undefined]);
      }
    },
    300_000,
  );
});

interface Shell {
  port: string;
  /** Exit code of the last command. */
  code: number;
  type(line: string): Promise<string>;
  /** Types what does not end by itself, and ends it at the first line that it prints. */
  receive(line: string): Promise<string>;
  close(): Promise<void>;
}

function openShell(cwd: string, port: string): Shell {
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
      bash.stdin.write(`${line.replaceAll('9911', port)}\necho; echo ${mark} $?\n`);
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}
