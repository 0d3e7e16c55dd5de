// in-context.test.ts: the place of the best quote: what of it is given beside the answers, and that it is never one of them.

import { cleanMarkdown } from '../../simulator/brain/text/clean.ts';
import { isBeside } from '../../simulator/brain/report/stretch.ts';
import { ask, format, only, research } from './support.ts';

const BELL = only(
  'bell.md',
  'The crew keeps an old bell.\n\nThe bell rings at noon. It is heard on the mole:\n\n```sh\nbell --loud\nbell --long\n```\n\n## Mast\n\nThe mast is high.\n',
  'Signals',
);

test('the place of the best quote is given with it: what stands before and behind, under its heading', () => {
  const { context, findings } = research([BELL], 'When does the bell ring?');
  expect(findings[0]?.claim).toContain('The bell rings at noon.');
  expect(context?.claim).toBe(
    'In context, under “Signals”: The crew keeps an old bell. … It is heard on the mole: `bell --loud`; `bell --long`',
  );
  expect(context?.citations).toEqual([
    {
      source: 'bell.md',
      quote:
        'The crew keeps an old bell.\n\nThe bell rings at noon. It is heard on the mole:\n\n```sh\nbell --loud\nbell --long',
    },
  ]);
});

const FILL = `Words of the bell ${'fill the line between both of them and '.repeat(5)}are of no use.`;

test.each([
  ['a heading', 'The bell rings at noon.\n\n## Mast\n\nThe bell is high and white, as all can see.\n'],
  ['a table', 'The bell rings at noon.\n\n| Ship | Mast |\n|---|---|\n| Swan | its bell is high and white |\n'],
  [
    'another row',
    '| Ship | When its bell rings |\n|---|---|\n| Swan | The bell rings at noon. |\n| Tern | Nobody knows its bell, for it has been at sea. |\n',
  ],
  ['the end of the text', 'The bell rings at noon.\n\nThe bell, I say.\n'],
  [
    'a line that leads to nothing',
    `The bell rings at noon.\n\nAnd so it is with the bell of the others:\n\n${FILL.repeat(3).replaceAll('. ', ', ').replaceAll('.', ', ')}.\n`,
  ],
  [
    'another list in bold',
    '**New**\n- The bell rings at noon\n\n**Old**\n- The bell is high and white, as all can see\n',
  ],
])('nothing of %s stands in the context of a quote, and where nothing is left there is none', (_what, text) => {
  expect(research([only('bell.md', text)], 'When does the bell ring?').context).toBeUndefined();
});

test('what is quoted by itself is no context of another quote', () => {
  const { findings, context } = research(
    [
      only(
        'bell.md',
        'The bell is an old signal for all of the crew.\n\nThe lamp is a new signal for all of the night.\n',
      ),
    ],
    'What is the difference between the bell and the lamp?',
  );
  expect(findings.length).toBeGreaterThan(1);
  expect(context).toBeUndefined();
});

test('what stands farther from a quote than a reader looks is no context of it', () => {
  const near = 'Near the bell stands the pilot with a lamp.';
  const { context } = research(
    [only('bell.md', `Far off.\n\n${FILL}\n\n${near}\n\nThe bell rings at noon.\n\n${near}\n\n${FILL}\n\nFar off.\n`)],
    'When does the bell ring?',
  );
  expect(context?.claim).toContain(`${near} … ${near}`);
  expect(context?.claim).not.toContain('Far off');
});

test('a context is no longer than a claim and a quote may be, and loses first what stands before', () => {
  const line = (word: string): string => `${word} ${'lies at the bell and waits for wind '.repeat(9)}.`;
  const bell = `The bell rings at noon, ${'and then again for each of the boats '.repeat(14)}.`;
  const { context } = research(
    [only('bell.md', `${line('Swan')}\n\n${bell}\n\n${line('Tern')}\n`)],
    'When does the bell ring?',
  );
  expect(context?.claim).toContain('Tern');
  expect(context?.claim).not.toContain('Swan');
  expect(context?.claim.length).toBeLessThanOrEqual(1_000);
  const code = `\`\`\`\n${'bell\n'.repeat(75)}\`\`\`\n`;
  const short = research([only('bell.md', `${code}\nThe bell rings at noon.\n\n${code}`)], 'When does the bell ring?');
  expect(short.context?.claim.length).toBeLessThanOrEqual(1_000);
  const greek = 'Ο πιλότος στέκεται στο bell και περιμένει τον άνεμο από τη θάλασσα όλη την ημέρα. '
    .repeat(4)
    .trim()
    .replaceAll('. ', ', ');
  const other = research(
    [only('bell.md', `${greek}\n\nThe bell rings at noon.\n\n${greek}\n`)],
    'When does the bell ring?',
  );
  expect(other.context?.citations[0]?.quote.length).toBeLessThanOrEqual(600);
});

test('the context is that of the quote that has most of the question, and stands right behind it', () => {
  const docs = [
    only(
      'bell.md',
      'The pilot pulls the bell at noon.\n\nHe is paid for it at noon by the crew, and the bell is his.\n',
      'Signals',
    ),
    only('lamp.md', 'The pilot lights the lamp.\n\nHe does so on each evening of the year.\n', 'Lamp'),
    only('rope.md', 'At noon a rope is pulled by the crew.\n\nIt is a long one, of hemp.\n', 'Rope'),
  ];
  const content = `<goal>x</goal><subtask>When does the pilot pull the bell at noon?</subtask><documents>[]</documents>`;
  const messages = [
    { role: 'user', content },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'c', type: 'function' as const, function: { name: 'search', arguments: '{"query":"bell"}' } }],
    },
    { role: 'tool', tool_call_id: 'c', content: JSON.stringify({ passages: docs.toReversed() }) },
  ];
  const { findings } = JSON.parse(ask({ messages, response_format: format('muster_findings') }).content) as {
    findings: { claim: string }[];
  };
  const at = findings.findIndex(({ claim }) => isBeside(claim));
  expect(findings[at]?.claim).toContain('paid for it');
  expect(findings[at - 1]?.claim).toContain('pulls the bell');
  expect(findings.length).toBeGreaterThan(at);
});

test('of what only stands near a question no context is given, nor of what was refused', () => {
  const { findings, missing, context } = research([BELL], 'When does the Zanzibar ferry ring the old bell?');
  expect([findings.length > 0, missing.length > 0, context]).toEqual([true, true, undefined]);
  const swan = 'The Swan lies at the old mole.\n\nThe Tern lies beside it in the summer, and is white.\n';
  const far = research([only('ships.md', swan)], 'How many sails does the Swan carry in a storm at night?');
  expect(far.findings.length).toBeGreaterThan(0);
  expect([far.missing.length > 0, far.context]).toEqual([true, undefined]);
});

test('what stands around a quote and says little of the question is no context of it, but of what a thing is it says more', () => {
  const text = (of: string): string => `The bell rings at noon, so all know.\n\nThe pilot ${of} lives on the mole.\n`;
  const contextOf = (of: string) => research([only('bell.md', text(of))], 'When does the bell ring?').context;
  expect(contextOf('of the ship')).toBeUndefined();
  expect(contextOf('of the bell')?.claim).toContain('lives on the mole');
  const open = research([only('bell.md', text('of the ship'))], 'How many hours does the bell ring, and why so loud?');
  expect([open.missing.length > 0, open.context?.claim]).toEqual([true, expect.stringContaining('lives on the mole')]);
  const means = 'A bell is a signal for the crew.\n\nThe pilot hangs it at the mole.\n';
  expect(research([only('bell.md', means)], 'What is a bell?').context?.claim).toContain('hangs it');
});

test('items of a list stand apart in a context', () => {
  const text = 'The bell rings at noon.\n\n- Ring it twice\n- Hang it high.\n- Oil the bell\n- Wash it\n';
  const { context } = research([only('bell.md', text)], 'When does the bell ring?');
  expect(context?.claim).toBe('In context: … Ring it twice; Hang it high. Oil the bell; Wash it');
});

test('the context of a quote stands behind what is said in short, and is never said there', () => {
  const findings = [
    { id: 's1/g1/1', claim: 'The bell rings at noon.', quote: 'The bell rings at noon.' },
    {
      id: 's1/g1/2',
      claim: 'In context: The bell of the boat rings at noon. …',
      quote: 'The bell rings at noon. It is loud.',
    },
    { id: 's1/g1/3', claim: 'The bell of the mole is old.', quote: 'The bell of the mole is old.' },
    { id: 's1/g1/4', claim: 'A mast is high.', quote: 'A mast is high.' },
  ].map((one) => ({ ...one, source: 'bell.md' }));
  const sectionsOf = (missing: string[]): string[][] => {
    const content = `<goal>When does the bell ring at noon?</goal>\n<findings>${JSON.stringify([
      { subtask: 's1', title: 'The bell', goal: 'When does the bell ring at noon?', findings, missing },
    ])}</findings>`;
    const reply = ask({ messages: [{ role: 'user', content }], response_format: format('muster_answer') });
    const { sections } = JSON.parse(reply.content) as { sections: { claims: { text: string }[] }[] };
    return sections.map(({ claims }) => claims.map(({ text }) => (isBeside(text) ? 'context' : text)));
  };
  expect(sectionsOf([])).toEqual([
    ['The bell rings at noon.'],
    ['context', 'The bell of the mole is old.', 'A mast is high.'],
  ]);
  expect(sectionsOf(['No sure answer was found to "When does the bell ring at noon".'])).toEqual([
    ['The bell rings at noon.', 'context', 'The bell of the mole is old.', 'A mast is high.'],
  ]);
});

test('emphasis around code goes, and between one tick or two all is kept as it is', () => {
  expect(cleanMarkdown('**Type: `string[]`** or __`a*b*c`__')).toBe('Type: `string[]` or `a*b*c`');
  expect(cleanMarkdown('keys in ``C:\\Users\\<user>\\keys``, see [`the *list*`](#list)')).toBe(
    'keys in `C:\\Users\\<user>\\keys`, see `the *list*`',
  );
});

test('what a context says beside its quote is checked, and is no further value of a list', () => {
  const context = {
    text: 'In context, under “3.2.0 (2024-01-02)”: … The bell is loud.',
    quotes: [{ source: 'bell.md', quote: 'The bell rings at noon. The bell is loud.' }],
  };
  const first = { text: 'The bell rings at noon.', quotes: [{ source: 'bell.md', quote: 'The bell rings at noon.' }] };
  const claims = [first, context].map((one, at) => ({ n: at + 1, ...one }));
  const judged = ask({
    messages: [{ role: 'user', content: `<claims>${JSON.stringify(claims)}</claims>` }],
    response_format: format('muster_verdicts'),
  });
  const { verdicts } = JSON.parse(judged.content) as { verdicts: { verdict: string }[] };
  expect(verdicts.map(({ verdict }) => verdict)).toEqual(['supported', 'supported']);
  const schema = {
    type: 'object',
    required: ['facts'],
    properties: { facts: { type: 'array', items: { type: 'string' } } },
  };
  const filled = ask({
    messages: [{ role: 'user', content: `<answer>${JSON.stringify([{ claims: [first, context] }])}</answer>` }],
    response_format: format('muster_data', schema),
  });
  expect(JSON.parse(filled.content)).toEqual({ facts: ['The bell rings at noon.'] });
});
