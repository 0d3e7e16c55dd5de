// output-formats.test.ts: what a command prints of a result, and writes into a file: each format, and the data alone.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT } from '../../client/cli/terminal/exit-codes.ts';
import type { Io } from '../../client/cli/terminal/io.ts';
import { checkOutput, printResult, printSoFar, type OutputFlags } from '../../client/cli/result-output.ts';
import type { AnswerSoFar } from '../../protocol/answer-so-far.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { ANSWER, CONTROL, emptyFolder, HOSTILE, noColours, USAGE } from './support.ts';

const RESULT: TaskResult = {
  v: 1,
  taskId: 'compare-1234',
  run: 'run-1',
  outcome: 'completed',
  goal: 'Compare <script>alert(1)</script> & others',
  answer: ANSWER,
  coverage: { planned: 1, done: 1, failed: 0, skipped: 0, subtasks: [], gaps: [] } as unknown as TaskResult['coverage'],
  usage: USAGE,
  timings: { acceptedAt: 0, closedAt: 1_000 },
};

function printed(
  result: TaskResult | AnswerSoFar,
  flags: OutputFlags,
  isTerminal = false,
): { out: string; said: string; code: number } {
  let out = '';
  let said = '';
  const io: Io = {
    out: (text) => void (out += text),
    say: (line) => void (said += `${line}\n`),
    sayPainted: (text) => void (said += text),
    freshLine: () => undefined,
    passing: undefined,
    outIsTerminal: isTerminal,
    screen: undefined,
    outColumns: 80,
    outColours: noColours,
    messageColours: noColours,
  };
  const code = 'round' in result ? printSoFar(result, io, flags) : printResult(result, io, flags);
  return { out, said, code };
}

const BEGINNINGS = {
  text: /^\nRetries\n/,
  markdown: /^## Retries\n/,
  html: /^<!doctype html>/,
  json: /^\{"type":"result"/,
};

test.each(Object.entries(BEGINNINGS))('--format %s is that, on a terminal and on a pipe', (format, beginning) => {
  for (const isTerminal of [true, false])
    expect(printed(RESULT, { format: format as NonNullable<OutputFlags['format']> }, isTerminal).out).toMatch(
      beginning,
    );
});

test('without a format a terminal gets text, a pipe Markdown, and --json is --format json', () => {
  expect(printed(RESULT, {}, true).out).toMatch(BEGINNINGS.text);
  expect(printed(RESULT, {}).out).toMatch(BEGINNINGS.markdown);
  expect(printed(RESULT, { json: true }).out).toBe(printed(RESULT, { format: 'json' }).out);
  expect(() => checkOutput({ json: true, format: 'html' })).toThrow('contradict');
});

test('with data and no format stdout is the data alone; with a format it is the answer', () => {
  const data = { seconds: 15, name: '\u202eevil' };
  const alone = printed({ ...RESULT, data }, { schema: 's.json' }, true);
  expect(JSON.parse(alone.out)).toEqual(data);
  expect(alone.out).not.toMatch(CONTROL);
  expect(alone.code).toBe(EXIT.done);
  expect(printed({ ...RESULT, data }, { schema: 's.json', format: 'markdown' }).out).toMatch(BEGINNINGS.markdown);
});

test('HTML that is written into a file is not shown on a terminal as well; what a pipe gets stays', () => {
  const output = join(emptyFolder(), 'a.html');
  const { out, said } = printed(RESULT, { format: 'html', output }, true);
  expect([out, said]).toEqual(['', expect.stringContaining(`wrote ${output}\n`)]);
  expect(readFileSync(output, 'utf8')).toMatch(BEGINNINGS.html);
  expect(printed(RESULT, { format: 'html', output }).out).toMatch(BEGINNINGS.html);
  const { taskId, goal, coverage } = RESULT;
  const soFar: AnswerSoFar = {
    taskId,
    goal,
    coverage,
    answer: ANSWER,
    stage: 'researching',
    open: [],
    round: 1,
    isNew: true,
  };
  expect(printed(soFar, { format: 'html', output }, true).out).toBe('');
  expect(printed(soFar, { format: 'html' }, true).out).toMatch(BEGINNINGS.html);
});

const DATA = { price: 12.5, isOpen: true, port: null, name: 'a|b <b>\u202eevil' };
const DATA_SHOWN = {
  text: '\nData\n\n  price   12.5\n  isOpen  yes\n  port    not found\n  name    a|b <b>evil\n',
  markdown:
    '## Data\n\n| Field | Value |\n|---|---|\n| price | 12.5 |\n| isOpen | yes |\n| port | not found |\n| name | a\\|b <b>evil |\n',
  html: '<tr><th>port</th><td>not found</td></tr>\n<tr><th>name</th><td>a|b &lt;b&gt;evil</td></tr>\n</table>',
} as const;
const NESTED = { limits: [{ name: 'turns', most: 12, least: null }], note: null };
const NESTED_SHOWN = {
  text: '      "most": 12,',
  markdown: '```json\n{\n  "limits": [',
  html: '<pre>{\n  &quot;limits&quot;: [',
};

test.each(['text', 'markdown', 'html'] as const)('data that were asked for stand in the format %s, too', (format) => {
  const output = join(emptyFolder(), 'a.out');
  const flat = printed({ ...RESULT, data: DATA }, { schema: 's.json', format, output });
  expect(flat.out).toContain(DATA_SHOWN[format]);
  expect(flat.out).not.toMatch(CONTROL);
  expect(readFileSync(output, 'utf8')).toContain(DATA_SHOWN[format]);
  const nested = printed({ ...RESULT, data: NESTED }, { format }).out;
  expect(nested).toContain(NESTED_SHOWN[format]);
  expect(nested).toContain('Not found: limits[0].least, note.');
  expect(printed(RESULT, { format }).out).not.toContain('Data');
});

test('where the data that was asked for alone is not there, nothing is printed, it is said why, and the exit code tells', () => {
  const gaps = ['Left out of the data: all of it, since no cited quote says price'];
  const none = printed({ ...RESULT, coverage: { ...RESULT.coverage, gaps } }, { schema: 's.json' });
  expect(none).toMatchObject({ out: '', code: EXIT.failed });
  expect(none.said).toContain('no cited quote says price');
});

test.each(Object.entries({ 'a.md': 'markdown', 'a.html': 'html', 'a.txt': 'text', a: 'markdown' } as const))(
  '--output %s is written in its own format, whatever is printed',
  (name, format) => {
    const output = join(emptyFolder(), name);
    expect(printed(RESULT, { output }).out).toMatch(BEGINNINGS.markdown);
    expect(readFileSync(output, 'utf8')).toMatch(BEGINNINGS[format]);
  },
);

test('a name whose ending no format has is refused, unless a format is named', () => {
  const output = join(emptyFolder(), 'a.docx');
  expect(() => checkOutput({ output })).toThrow('no format for names that end in .docx');
  for (const flags of [{ format: 'html' }, { json: true }] as const) checkOutput({ ...flags, output });
  for (const name of ['a', 'a.MD', 'a.htm', 'a.json', 'a.txt']) checkOutput({ output: join(emptyFolder(), name) });
  printed(RESULT, { output, format: 'html' });
  expect(readFileSync(output, 'utf8')).toMatch(BEGINNINGS.html);
});

test('--output a.json is the whole result, and with a schema the data', () => {
  const output = join(emptyFolder(), 'a.json');
  printed(RESULT, { output });
  expect(JSON.parse(readFileSync(output, 'utf8'))).toEqual(RESULT);
  printed({ ...RESULT, data: { n: 1 } }, { output, schema: 's.json' });
  expect(JSON.parse(readFileSync(output, 'utf8'))).toEqual({ n: 1 });
});

test('a page of HTML loads and runs nothing that a document or a goal says', () => {
  const bad = '<img src=x onerror=alert(1)> "quoted" ' + HOSTILE;
  const [section] = ANSWER.sections;
  const answer = {
    ...ANSWER,
    sections: [{ heading: bad, claims: [{ text: bad, citations: [1] }] }, ...(section ? [section] : [])],
    citations: ANSWER.citations.map((one) => ({ ...one, source: bad, quote: bad })),
    gaps: [bad],
    notes: [bad],
  };
  const { out } = printed({ ...RESULT, answer, taskId: bad }, { format: 'html' });
  expect(
    out
      .match(/<[a-z!/][^>]*>/g)
      ?.filter(
        (tag) =>
          !/^<\/?(?:!doctype html|html lang="en"|html|meta [^>]*|title|style|h1|h2|ul|li|p|p id="source-\d+"|blockquote|small|a|a href="#source-\d+")>$/.test(
            tag,
          ),
      ),
  ).toEqual([]);
  expect(out).not.toMatch(CONTROL);
});
