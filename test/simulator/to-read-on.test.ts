// to-read-on.test.ts: where a reader may look on: which stretches are given beside the answers, when, and that they are none.

import { readQuestion } from '../../simulator/brain/question/question.ts';
import { refusalsIn } from '../../simulator/brain/request/reask.ts';
import { readPassages } from '../../simulator/brain/quotes/read-passages.ts';
import { isBeside } from '../../simulator/brain/report/stretch.ts';
import { toReadOn } from '../../simulator/brain/report/to-read-on.ts';
import { ask, format, only, research, type Doc } from './support.ts';

const DOCS: Doc[] = [
  only('a.md', 'To ring the old bell, pull its rope.\n', 'Signals'),
  only('b.md', 'The boy is paid by the crew.\n\nHe has to ring the bell.\n\n## Oil\n\nIt is kept below.\n', 'Wages'),
  only('c.md', 'The bell rings at noon.\n\nA boy is to ring it.\n', 'Hours'),
  only('d.md', 'No bell is on the Swan.\n', 'Ships'),
];
const UNANSWERED = 'How many coins is the boy paid to ring the old bell?';

test('where a gap is told, the stretch that has most of the question is given, as it is written', () => {
  const { missing, further } = research(DOCS, UNANSWERED);
  expect(missing).toHaveLength(1);
  expect(further).toEqual([
    {
      claim: 'To read on, under “Wages”: The boy is paid by the crew. He has to ring the bell.',
      citations: [{ source: 'b.md', quote: 'The boy is paid by the crew.\n\nHe has to ring the bell.' }],
    },
  ]);
});

test.each([
  ['how something is done', 'How do I ring the old bell?', 1],
  ['how two things differ', 'What is the difference between the bell and the boy?', 1],
  ['when something is', 'When does the bell ring?', 0],
  ['how many there are', 'How many bells are on the Swan?', 0],
])('where the answer is whole, a stretch is given for %s', (_what, question, count) => {
  const docs = [...DOCS, only('e.md', 'Three bells are on the Swan.\n', 'Ships')];
  docs.push(only('f.md', 'The bell is cast, whereas the boy is hired; the difference is told by the pay.\n', 'Terms'));
  const { missing, further } = research(docs, question);
  expect([missing, further.length]).toEqual([[], count]);
});

test('what is found already is not given again, as it stands or within more', () => {
  const { findings, further } = research(DOCS, 'How do I ring the old bell?');
  expect(findings.map(({ claim }) => claim)).toEqual(['To ring the old bell, pull its rope.']);
  expect(further.map(({ citations }) => citations[0]?.source)).not.toContain('a.md');
  const far = `${'Masts and sails lie beneath tarpaulins, which keeps them dry, and '.repeat(7)}so on.`;
  const more = `To ring the old bell, pull its rope.\n\n${far}\n\nThe boy hears the old bell ring.\n`;
  for (const { citations } of research([only('a.md', more, 'Signals')], 'How do I ring the old bell?').further)
    expect(citations[0]?.quote).not.toContain('pull its rope');
});

test('what only shares a word with the question is nothing to read', () => {
  const ask = 'How many copper coins is the boy of the harbour paid to ring the old bell of the lighthouse in winter?';
  const question = readQuestion(ask, () => false, []);
  const read = (text: string) =>
    readPassages(question, [
      { source: 'a.md', heading: '', line: 1, rank: 1, text },
      { source: 'b.md', heading: '', line: 1, rank: 2, text: `${ask}\n` },
    ]);
  const said = [{ claim: ask, citations: [{ source: 'b.md', quote: ask }] }];
  expect(toReadOn(read('The winter was long for all of them.\n'), said, refusalsIn([]))).toEqual([]);
  expect(toReadOn(read('The boy is paid coins in winter at the lighthouse.\n'), said, refusalsIn([]))).toHaveLength(1);
});

test('a stretch of which most was said is not given', () => {
  const first = 'The old bell is rung by a boy, who is paid in copper coins by the crew at noon';
  const text = `- ${first}, as it was in the days of his father.\n- ${first}, and never before.\n- Its rope is new.\n`;
  const quote = text.slice(0, text.lastIndexOf('\n- '));
  const question = readQuestion(UNANSWERED, () => false, []);
  const read = readPassages(question, [{ source: 'a.md', heading: 'Wages', line: 1, rank: 1, text }]);
  const said = [{ claim: quote, citations: [{ source: 'a.md', quote }] }];
  expect(toReadOn(read, said, refusalsIn([]))).toEqual([]);
  expect(toReadOn(read, [], refusalsIn([]))).toHaveLength(1);
});

test('of what the documents say nothing about there is nothing to read on, nor after a complaint that names nothing', () => {
  const none = ['Does the boy ring the bell of Zanzibar?', 'How do I bake an apple cake for the bell?'];
  for (const question of none) {
    const { findings, missing, further } = research(DOCS, question);
    expect([question, missing.length, further]).toEqual([question, 1, []]);
    expect(findings.length > 0).toBe(question.includes('Zanzibar'));
  }
  const complained = [
    { role: 'user', content: `<goal>x</goal><subtask>${UNANSWERED}</subtask><documents>[]</documents>` },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function' as const, function: { name: 'search', arguments: '{"query":"bell"}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: JSON.stringify({ passages: DOCS }) },
  ];
  const found = (messages: typeof complained): string =>
    ask({ messages, response_format: format('muster_findings') }).content;
  expect(found(complained)).toContain('To read on');
  const answered = { role: 'assistant', content: found(complained) };
  const complaint = { role: 'user', content: '<problems>This does not fit.</problems>' };
  expect(found([...complained, answered, complaint] as typeof complained)).not.toContain('To read on');
});

test('a stretch stays under one heading, within its length, and is left out where a claim would be too long', () => {
  const lines = ['coat', 'hat', 'rope', 'belt'].map(
    (word) => `For coins the boy is paid a ${word} to ring it, ${'long and '.repeat(20)}good.`,
  );
  const text = `${lines.join(' ')}\n\n## Coins\n\nCoins of the crew.\n`;
  // The first line is found, and so not given again.
  const [first] = research([...DOCS, only('e.md', text)], UNANSWERED).further;
  expect(first?.citations).toEqual([{ source: 'e.md', quote: lines.slice(1, 3).join(' ') }]);
  const row = `| Swan | ${'coins paid boy bell ring old '.repeat(36)}|`;
  const found = 'How many coins the boy is paid to ring the old bell, the pilot knows.';
  const table = `${found}\n\n| Ship | Words |\n|---|---|\n${row}\n`;
  const { further, findings } = research([...DOCS, only('e.md', table)], UNANSWERED);
  expect(findings[0]?.claim).toBe(found);
  expect(further.map(({ citations }) => citations[0]?.source)).toEqual(['b.md']);
});

test('code alone is nothing to read', () => {
  const code = '```sh\npay --boy --coins --ring-old-bell\n```\n';
  const sourcesOf = (text: string): (string | undefined)[] =>
    research([...DOCS, only('e.md', text)], UNANSWERED).further.map(({ citations }) => citations[0]?.source);
  expect(sourcesOf(code)).toEqual(['b.md']);
  expect(sourcesOf(`Pay the boy so:\n\n${code}`)).toEqual(['e.md']);
});

test('what is to read on is a section of its own behind all others, at most three, and nothing that is said', () => {
  const finding = (id: string, claim: string, quote = claim) => ({ id, claim, quote, source: 'a.md' });
  const onward = (id: string, text: string, quote = text) => finding(id, `To read on, under “Bells”: ${text}`, quote);
  const subtasks = [
    {
      subtask: 's1',
      title: 'Bells',
      goal: 'When do the bells ring?',
      findings: [
        finding('s1/g1/1', 'The bells ring at noon.'),
        onward('s1/g1/2', 'The lamp is lit. It is old.'),
        onward('s1/g2/3', 'Bells are cast.'),
      ],
      missing: [],
    },
    {
      subtask: 's2',
      title: 'Lamps',
      goal: 'When is the lamp lit?',
      findings: [
        finding('s2/g1/1', 'The lamp is lit.'),
        finding('s2/g1/2', 'To read on: Oil is kept.', 'Oil is kept.'),
        onward('s2/g1/3', 'Masts.'),
      ],
      missing: [],
    },
    {
      subtask: 's3',
      title: 'Oil',
      goal: 'Where is oil?',
      findings: [onward('s3/g1/1', 'Oil is kept.'), onward('s3/g1/2', 'Ropes.')],
      missing: [],
    },
  ];
  const content = `<goal>When do the bells ring, when is the lamp lit, and where is oil?</goal>\n<findings>${JSON.stringify(subtasks)}</findings>`;
  const reply = ask({ messages: [{ role: 'user', content }], response_format: format('muster_answer') });
  const { sections, gaps } = JSON.parse(reply.content) as {
    sections: { heading: string; claims: { text: string }[] }[];
    gaps: string[];
  };
  expect(sections.map(({ heading, claims }) => [heading, ...claims.map(({ text }) => text)])).toEqual([
    ['In short', 'The bells ring at noon.', 'The lamp is lit.'],
    ['To read on', 'Under “Bells”: Bells are cast.', 'Oil is kept.', 'Under “Bells”: Masts.'],
  ]);
  expect(gaps).toEqual([]);
});

test('what is to read on is checked without its place, fills no field, and leads no other subtask', () => {
  const onward = { text: 'Under “3.2.0”: The bell is loud.', quotes: [{ source: 'a.md', quote: 'The bell is loud.' }] };
  const first = { text: 'The bell rings at noon.', quotes: [{ source: 'a.md', quote: 'The bell rings at noon.' }] };
  const judged = ask({
    messages: [{ role: 'user', content: `<claims>${JSON.stringify([{ n: 1, ...onward }])}</claims>` }],
    response_format: format('muster_verdicts'),
  });
  expect((JSON.parse(judged.content) as { verdicts: { verdict: string }[] }).verdicts[0]?.verdict).toBe('supported');
  const schema = {
    type: 'object',
    required: ['facts'],
    properties: { facts: { type: 'array', items: { type: 'string' } } },
  };
  const sections = [
    { heading: 'In short', claims: [first] },
    { heading: 'To read on', claims: [onward] },
  ];
  const filled = ask({
    messages: [{ role: 'user', content: `<answer>${JSON.stringify(sections)}</answer>` }],
    response_format: format('muster_data', schema),
  });
  expect(JSON.parse(filled.content)).toEqual({ facts: ['The bell rings at noon.'] });
  const needs = [{ findings: [{ claim: 'The bell is on the mole.' }, { claim: 'To read on: A mast is high.' }] }];
  const content = `<goal>x</goal><subtask>Who rings it?</subtask><needs>${JSON.stringify(needs)}</needs><documents>[]</documents>`;
  const search = {
    type: 'function' as const,
    function: {
      name: 'search',
      parameters: { type: 'object', required: ['query'], properties: { query: { type: 'string' } } },
    },
  };
  const { toolCalls } = ask({
    messages: [{ role: 'user', content }],
    tools: [search] as never,
    response_format: format('muster_findings'),
  });
  const queries = JSON.stringify(toolCalls);
  expect(queries).toContain('on the mole');
  expect(queries).not.toContain('mast is high');
});

test('a sentence of a document that says "See also" is none of these', () => {
  expect(['See also: ls(1).', 'To read on, turn the page.', 'Under “Bells”: x'].some(isBeside)).toBe(false);
});
