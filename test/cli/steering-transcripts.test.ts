// steering-transcripts.test.ts: docs/steering.md's transcripts are repeatable: each block is typed into a shell, with the local stack
// behind it, and prints what the page says, but for times, ids and numbers. Only `npm run test:long` types all of them.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LONG } from '../rig/long.ts';
import { until } from '../rig/until.ts';
import { emptyFolder } from './support.ts';
import { blocksOf, missing, openShell, type Shell } from './transcripts.ts';
import { freePort } from '../rig/free-port.ts';

const PAGE = readFileSync(resolve(__dirname, '../../docs/steering.md'), 'utf8');
const BLOCKS = blocksOf(PAGE);

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
        // The calls in flight have ended before the worker is killed: what they cost is in what is shown.
        const isSoFar = rest.startsWith('kill ') ? /3 waiting/ : /3 running/;
        if (slept !== undefined && !asks)
          await until(isSoFar.source, async () => isSoFar.test(await shell.type('npx muster status $id')));
        let out = '';
        if (asks)
          await until(`${rest} prints it`, async () => {
            out = await shell.type(rest);
            return shell.code === 0 && missing(prints, out) === undefined;
          });
        else out = await (rest === 'node receiver.mjs' ? shell.receive(rest) : shell.type(rest));
        const lost = missing(prints, out);
        expect([rest, lost, lost && out]).toEqual([rest, undefined, undefined]);
      }
    },
    300_000,
  );
});
