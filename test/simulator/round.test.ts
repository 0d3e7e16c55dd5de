// round.test.ts: what the offline model plans for a further round, and what it finds besides what was found.

import { ask, format, LIBRARY, only, research, search, type Doc, type Researched } from './support.ts';

const block = (tag: string, value: unknown): string => `<${tag}>${JSON.stringify(value)}</${tag}>`;
const asked = (id: string, goal: string, found: string[] = []) => ({
  id,
  title: goal,
  kind: 'researcher',
  goal,
  found: found.map((claim) => ({ claim, source: 'a.md' })),
});

function roundFor(subtasks: object[], missing: object[]): { goal: string; needs: string[]; fills: string[] }[] {
  const blocks = [block('documents', ['Alpha.md']), block('subtasks', subtasks), block('missing', missing)].join('\n');
  const reply = ask({
    messages: [{ role: 'user', content: `<goal>the goal</goal>\n${blocks}\n<max>4</max>` }],
    response_format: format('muster_round'),
  });
  return (JSON.parse(reply.content) as { subtasks: ReturnType<typeof roundFor> }).subtasks;
}

test('what failed is asked once more, and what is open is asked besides what was found', () => {
  const goal = 'How does Alpha retry, and who made it?';
  const says = ['No sure answer was found to "who made it?". The nearest is in a.md: "x"'];
  expect(
    roundFor(
      [asked('s1', goal, ['It retries.']), asked('s2', 'How does Beta retry?')],
      [
        { id: 's1', why: 'gap', says },
        { id: 's2', why: 'failed', says: ['it broke'] },
      ],
    ),
  ).toMatchObject([
    { goal: 'Besides what was found: who made it? (Alpha)', needs: ['s1'], fills: ['s1'] },
    { goal: 'How does Beta retry?', needs: [], fills: ['s2'] },
  ]);
});

test('what is not named as a question, found nothing at all or rests on one finding is not asked again', () => {
  expect(
    roundFor(
      [asked('s1', 'one', ['x']), asked('s2', 'two'), asked('s3', 'three', ['y'])],
      [
        { id: 's1', why: 'gap', says: ['Nothing was found about Gamma.'] },
        { id: 's2', why: 'nothing', says: ['No sure answer was found to "two".'] },
        { id: 's3', why: 'thin', says: [] },
        { id: 's9', why: 'failed', says: [] },
      ],
    ),
  ).toEqual([]);
});

/** Of a sub-agent that looks once more, with what its search brings. */
function foundBesides(goal: string, known: string, passages: readonly Doc[]): Pick<Researched, 'findings' | 'missing'> {
  const content = [
    `<goal>${goal}</goal>\n<subtask>Besides what was found: ${goal}</subtask>`,
    block('needs', [{ title: 'first', findings: [{ claim: known, source: 'a.md' }] }]),
    block('documents', [...new Set(passages.map(({ source }) => source))]),
  ].join('\n');
  const call = {
    id: 'c1',
    type: 'function' as const,
    function: { name: 'search_documents', arguments: '{"query":"x"}' },
  };
  const reply = ask({
    messages: [
      { role: 'user', content },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'tool', tool_call_id: 'c1', content: JSON.stringify({ passages }) },
    ],
    response_format: format('muster_findings'),
  });
  return JSON.parse(reply.content) as ReturnType<typeof foundBesides>;
}

test('besides what was found it quotes other passages', () => {
  const goal = 'What does parsely do with unknown options?';
  const [known] = research(LIBRARY, goal).findings;
  expect(known?.citations[0]?.source).toBe('parsely/readme.md');
  const { findings } = foundBesides(goal, known?.claim ?? '', search(LIBRARY, goal));
  expect(findings.flatMap(({ citations }) => citations.map(({ source }) => source))).not.toContain('parsely/readme.md');
});

test('besides what was found only a sentence that says nearly all by itself answers; else two quotes stand at most', () => {
  const goal = 'Which rope rings the large bell of the harbour?';
  const near = ['lamp', 'mast', 'oar', 'sail'].map((thing) =>
    only(`${thing}.md`, `The large bell by the ${thing} needs a rope.`, 'The harbour and what rings › Parts'),
  );
  const once = foundBesides(goal, 'A bell is rung.', near);
  expect(once.missing).toHaveLength(1);
  expect(once.findings.length).toBeLessThan(3);
  expect(research(near, goal).missing).toEqual([]);
  const whole = only('rope.md', 'A rope of hemp rings the large bell of the harbour.');
  expect(foundBesides(goal, 'A bell is rung.', [...near, whole]).missing).toEqual([]);
});
