// draws-in-a-terminal.test.ts: `muster run` as a person sees it: in a real pseudo-terminal, with a real task behind it.

import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { serverAddress, testDeployment, until, type TestDeployment } from '../rig/deployment.ts';
import { MAIN } from './support.ts';
import { inTerminal, screensOf, terminalCommand, type InTerminal, type TerminalSize } from './terminal.ts';

const GOAL = 'Compare what harbour, lighthouse and tidebook do when a message is repeated';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

let deployment: TestDeployment;
/** Of Ollama's form: a person is told of it, below the answer. */
let ollama: Server;
const run = (size?: TerminalSize, line?: (program: string) => string, goal = [GOAL]): InTerminal =>
  inTerminal(
    MAIN,
    ['run', ...goal, '--docs', deployment.docs],
    {
      TEMPORAL_ADDRESS: serverAddress(),
      MUSTER_HOME: deployment.home,
      OLLAMA_HOST: `127.0.0.1:${(ollama.address() as AddressInfo).port}`,
    },
    size,
    line,
  );

const inATerminal = terminalCommand ? describe : describe.skip;
if (!terminalCommand) {
  test.skip('the tree in a terminal: neither script (util-linux) nor python3 is there to make one', () => undefined);
}

inATerminal('with a worker', () => {
  beforeAll(async () => {
    deployment = await testDeployment({ latencyMs: 700 });
    await deployment.startWorker();
    ollama = createServer((_request, response) => void response.end('{"data":[{"id":"qwen3:14b"}]}'));
    await once(ollama.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(async () => {
    ollama.close();
    await deployment.stop();
  });

  test('a person sees each sub-agent with its state, drawn in place, then the answer, and has the cursor back', async () => {
    const { written, ended } = run();
    expect(await ended).toBe(0);
    const seen = screensOf(written());
    expect(seen.length).toBeGreaterThan(5);
    for (const id of ['s1', 's2', 's3']) {
      expect(seen.some((screen) => new RegExp(`^● ${id} .* running`, 'm').test(screen))).toBe(true);
      // Drawn many times, and never twice on one screen: rewritten in place.
      expect(written().split(`${id}  `).length).toBeGreaterThan(3);
      for (const screen of seen)
        expect(screen.match(new RegExp(`^. ${id} `, 'gm'))?.length ?? 0).toBeLessThanOrEqual(1);
    }
    const last = seen.at(-1) ?? '';
    for (const id of ['s1', 's2', 's3']) expect(last).toMatch(new RegExp(`^✓ ${id} .*done, \\d+ finding`, 'm'));
    expect(last).toMatch(/In short[^]*Sources[^]*\[1\] \S+\.md:\d+/);
    expect(last).toMatch(/\n {2}MUSTER_MODEL=qwen3:14b OPENAI_BASE_URL=\S+ npx muster run …/);
    expect(written().split(HIDE_CURSOR)).toHaveLength(2);
    expect(written().lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(written().indexOf(HIDE_CURSOR));
  });

  test.each([80, 160])(
    'Ctrl-C typed into a terminal of %d columns says on one line how to come back, and leaves with 130 while the task runs on',
    async (columns) => {
      deployment.model.inject({ kind: 'delay', ms: 6_000, times: 3, match: { step: 'muster_findings' } });
      const { written, type, ended } = run({ columns, rows: 24 });
      await until('the sub-agents work', () => /● s1 /.test(written()));
      type('\u0003');
      expect(await ended).toBe(130);
      const last = screensOf(written()).at(-1) ?? '';
      const said = last.split('\n').filter((line) => line.includes('muster watch'));
      expect(said).toEqual([
        expect.stringMatching(/^The task goes on\. muster watch \S+ · Ctrl-C again to cancel it$/) as string,
      ]);
      expect(said[0]?.length).toBeLessThan(columns);
      // Nothing of the key's own echo, or of an older drawing, is left.
      expect(last).not.toContain('^C');
      expect(last.match(/^Compare what harbour/gm)).toHaveLength(1);
      expect(written().lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(written().indexOf(HIDE_CURSOR));
      const part = /muster watch (\S+)/.exec(last)?.[1] ?? '';
      const id = new RegExp(`^\\S*${part}$`, 'm').exec(last)?.[0] ?? '';
      const handle = await deployment.client.get(id);
      expect((await handle.status()).closedAt).toBeUndefined();
      expect((await handle.result()).outcome).toBe('completed');
    },
  );

  test('Ctrl-C in a terminal that can’t be drawn on is answered on a line of its own, too', async () => {
    deployment.model.inject({ kind: 'delay', ms: 6_000, times: 3, match: { step: 'muster_findings' } });
    const { written, type, ended } = inTerminal(
      MAIN,
      ['run', GOAL, '--docs', deployment.docs],
      {
        TEMPORAL_ADDRESS: serverAddress(),
        MUSTER_HOME: deployment.home,
        TERM: 'dumb',
      },
      { columns: 160, rows: 24 },
    );
    await until('the sub-agents work', () => written().includes('s1 started'));
    type('\u0003');
    expect(await ended).toBe(130);
    expect(written()).toMatch(/^The task goes on\. muster watch \S+ · Ctrl-C again to cancel it\r?$/m);
    expect(written()).not.toContain('\u001b');
  });

  test('Ctrl-C in a window that the tree fills is answered above the tree within the window, and stays there while it is drawn again and once it is left', async () => {
    const size = { columns: 80, rows: 12 };
    const goal = 'Compare harbour, lighthouse, tidebook, ferry, mole, pilot, crane and tug';
    deployment.model.inject({ kind: 'delay', ms: 8_000, times: 8, match: { step: 'muster_findings' } });
    const { written, type, ended } = run(size, undefined, [goal]);
    await until('the tree fills the window', () => /… and \d+ more: /.test(written()));
    type('\u0003');
    expect(await ended).toBe(130);
    const screens = screensOf(written());
    const said = screens.filter((screen) => screen.includes('The task goes on.'));
    // Its clock goes on for two seconds.
    expect(said.length).toBeGreaterThan(2);
    let bottom = Math.max(...screens.slice(0, -said.length).map((screen) => screen.split('\n').length));
    for (const screen of said) {
      const lines = screen.split('\n');
      bottom = Math.max(bottom, lines.length);
      const at = lines.findIndex((line) => line.startsWith('The task goes on.'));
      // What scrolled out of a window does not come back into it.
      expect(at).toBeGreaterThanOrEqual(bottom - size.rows);
      expect(screen).toMatch(/^● s\d /m);
    }
    // Nor does the shell push it out, which writes an empty line, where npx ends, and its prompt.
    const left = said.at(-1)?.split('\n') ?? [];
    const top = Math.max(bottom, left.length + 2) - size.rows;
    expect(left.findIndex((line) => line.startsWith('The task goes on.'))).toBeGreaterThanOrEqual(top);
  });

  test('a person who presses keys is told what they do, sees what is typed, and is told what became of it', async () => {
    deployment.model.inject({ kind: 'delay', ms: 8_000, times: 3, match: { step: 'muster_findings' } });
    const { written, type, ended } = run();
    await until('the sub-agents work', () => /● s1 /.test(written()));
    type('?');
    await until('keys are shown', () => screensOf(written()).at(-1)?.includes('p pauses the task') ?? false);
    type('xs7');
    await until('what is typed is seen', () => /^stop which \(.*s1.*\): s7$/m.test(screensOf(written()).at(-1) ?? ''));
    type('\r');
    await until('the refusal is told', () => /^not done: .+/m.test(screensOf(written()).at(-1) ?? ''));
    // Nothing of it was echoed, and the tree stands once.
    expect(
      screensOf(written())
        .at(-1)
        ?.match(/^Compare what harbour/gm),
    ).toHaveLength(1);
    type('\u0003');
    expect(await ended).toBe(130);
    expect(screensOf(written()).at(-1)).not.toContain('keys:');
  });

  test('a person lets the plan run that waits, and answers what is asked, by keys alone; the line says which', async () => {
    const goal = 'Ask me which service is meant: harbour or lighthouse. How often does it poll?';
    const { written, type, ended } = run(undefined, undefined, [goal, '--ask', '--approve']);
    const shows = (words: RegExp) => until(`it shows ${words}`, () => words.test(screensOf(written()).at(-1) ?? ''));
    await shows(/^the plan waits for you: a shows it and asks · \? all keys$/m);
    type('a');
    await shows(/^plan [0-9a-f]{64}, waits for approval until [^]*^let this plan run\? \(yes, or refuse/m);
    type('yes\r');
    await shows(/^s1 asks you: a answers · \? all keys$/m);
    type('a');
    await shows(/^answer s1: “Which service is meant\?”[^\n]*: $/m);
    type('lighthouse\r');
    await shows(/^recorded: the sub-agent goes on with it$/m);
    expect(await ended).toBe(0);
    expect(screensOf(written()).at(-1)).toMatch(/It polls every 15 seconds/);
  });

  test('a terminal is as it was once Ctrl-C has left the tree: it echoes, and its keys mean what they did', async () => {
    deployment.model.inject({ kind: 'delay', ms: 6_000, times: 3, match: { step: 'muster_findings' } });
    const { written, type, ended } = run(
      undefined,
      (program) => `trap : INT; stty -a; ${program}; echo left $?; stty -a`,
    );
    await until('the sub-agents work', () => /● s1 /.test(written()));
    type('\u0003');
    await ended;
    // stty's words are the same before and behind it.
    const settings = [...written().matchAll(/^[^\n]*\bicanon\b[^\n]*$/gm)].map(([line]) => line.trim());
    expect(written()).toContain('left 130');
    expect(settings).toEqual([settings[0], settings[0]]);
  });

  test('a job in the background is not stopped for the keys that it can’t have', async () => {
    const { written, ended } = run(undefined, (program) => `set -m; ${program} & wait $!; echo ended $?`);
    await ended;
    expect(written()).toContain('ended 0');
    expect(written()).not.toContain('keys:');
  });
});
