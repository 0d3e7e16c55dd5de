// aspects.test.ts: the offline model answers what is asked about a thing, from that thing's own document, or says that
// it does not stand there.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask, format, planFor, research, type Doc } from './support.ts';

const HARBOUR: readonly Doc[] = ['harbour', 'lighthouse', 'tidebook'].map((name) => ({
  source: `${name}.md`,
  line: 1,
  // Of several short sections in one passage, search names one.
  heading: `${name} > Retries`,
  text: readFileSync(join(__dirname, `../fixtures/docs/${name}.md`), 'utf8'),
}));

const said = (goal: string, docs = HARBOUR) => {
  const { findings, missing } = research(docs, goal);
  return {
    claims: findings.map((one) => one.claim),
    sources: findings.map((one) => one.citations[0]?.source),
    missing,
  };
};

test('a sentence under the heading that is asked for is preferred to one that only repeats the name', () => {
  const { claims, sources } = said('Describe harbour with respect to limits.');
  expect(claims[0]).toContain('48 hours');
  expect(new Set(sources)).toEqual(new Set(['harbour.md']));
});

test('other documents do not fill up a question about one thing', () => {
  expect(said('Describe lighthouse with respect to retries.')).toEqual({
    claims: [
      'lighthouse: An alarm that nobody takes is repeated after 4 minutes, at most three times, and then goes to the harbour master.',
    ],
    sources: ['lighthouse.md'],
    missing: [],
  });
});

test('when a document says nothing on what is asked, little of it is quoted and the answer says so', () => {
  const { claims, sources, missing } = said('Describe tidebook with respect to discounts.');
  expect(claims.length).toBeLessThanOrEqual(2);
  expect(sources.every((source) => source === 'tidebook.md')).toBe(true);
  expect(missing.join(' ')).toContain('discounts');
});

test('what stands only in a comment of an example is quoted without its marks', () => {
  const docs: Doc[] = [
    {
      source: 'parsley/readme.md',
      line: 40,
      heading: 'parsley > API',
      // The passage begins inside the code.
      text: [
        'export interface Node {',
        '  type: string;',
        '}',
        '/**',
        ' * The parser is fault tolerant and always gives',
        ' * a tree. Check the list of errors to find out whether the input was valid.',
        ' */',
        'export function parse(text: string): Node;',
        '```',
        '',
        'Nothing else is known.',
      ].join('\n'),
    },
  ];
  const { claims } = said('How do I find out whether the input of parsley was valid?', docs);
  expect(claims[0]).toContain('Check the list of errors to find out whether the input was valid.');
  expect(claims.join('\n')).not.toMatch(/\*\/|\/\*|```/);
});

test('a search asks for as many passages as the tool says it gives', () => {
  const search = {
    type: 'function' as const,
    function: {
      name: 'find',
      parameters: {
        type: 'object',
        properties: { query: { type: 'string' }, limit: { type: ['integer', 'null'], maximum: 8 } },
        required: ['query', 'limit'],
      },
    },
  };
  const messages = [{ role: 'user', content: '<subtask>What is Alpha?</subtask>' }];
  const { toolCalls } = ask({ messages, tools: [search], response_format: format('muster_findings') });
  expect(JSON.parse(toolCalls[0]?.arguments ?? '')).toMatchObject({ limit: 8 });
});

test('findings that stand with another subtask are no gap of their own', () => {
  const found = (subtask: string, title: string) => ({
    subtask,
    title,
    findings: [{ id: `${subtask}/g1/1`, claim: 'Same thing.', source: 'a.md', quote: 'The very same thing.' }],
    missing: [],
  });
  const content = `<goal>g</goal><findings>${JSON.stringify([found('s1', 'One'), found('s2', 'Two')])}</findings>`;
  const reply = ask({ messages: [{ role: 'user', content }], response_format: format('muster_answer') });
  expect(JSON.parse(reply.content)).toMatchObject({ gaps: [] });
});

test('a pronoun after a long clause is not taken for the only name in it', () => {
  const goal =
    'When a script is launched through the dedicated helper of Runna, another channel is opened. How are messages on it encoded?';
  expect(planFor(goal)).toHaveLength(1);
});

test('several things that one passage says of what is asked are all quoted', () => {
  const docs: Doc[] = [
    {
      source: 'mender/readme.md',
      line: 1,
      heading: 'mender',
      text: [
        '# mender',
        '',
        'It can:',
        '',
        '- strip comments from text',
        '- add missing quotes',
        '- close brackets',
      ].join('\n'),
    },
  ];
  const { claims } = said('How does mender treat comments and quotes?', docs);
  expect(claims.join('\n')).toMatch(/strip comments/);
  expect(claims.join('\n')).toMatch(/missing quotes/);
  expect(claims.join('\n')).not.toMatch(/brackets/);
});

test('a program is quoted by the line and its comments by the sentence, never as a block', () => {
  const docs: Doc[] = [
    {
      source: 'src/client.ts',
      line: 1,
      heading: '',
      text: [
        'const DEFAULT_TIMEOUT = 600_000;',
        '// A timeout is given in milliseconds.',
        'let other = {',
        '  a: 1,',
        '};',
      ].join('\n'),
    },
  ];
  const { findings } = research(docs, 'Which timeout has the client?');
  for (const { citations } of findings) expect(citations[0]?.quote).not.toContain('\n');
  expect(findings.map(({ claim }) => claim).join('\n')).toContain('milliseconds');
});

test('a question that nothing answers gets no filler', () => {
  const { claims, missing } = said('What is the eager dispatch of parcels overseas?');
  expect(claims).toEqual([]);
  expect(missing).toEqual(['No sure answer was found to "What is the eager dispatch of parcels overseas?".']);
});

test('what stands under a heading that is asked for answers, though it has few of the other words', () => {
  const text =
    '## Retries\n\nConnection errors, 408, 429 and all from 500 on are asked once more, each request twice, and retried by default.\n';
  const docs: Doc[] = [
    { source: 'fetchly/readme.md', line: 1, heading: 'Retries', text },
    { source: 'other.md', line: 1, heading: 'Clients', text: '# Clients\n\nA client that fails is asked to leave.\n' },
  ];
  expect(said('How does the fetchly client retry failed requests?', docs).missing).toEqual([]);
});
