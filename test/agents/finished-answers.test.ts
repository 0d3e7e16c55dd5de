// What is done with an answer once it is written: checked against its sources, given in the caller's schema.

import { withoutUnsupported } from '../../activities/verify-answer.ts';
import type { Answer } from '../../protocol/answer.ts';
import { outputSchemaProblem } from '../../protocol/schemas/output-schema.ts';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';
import { scripted, type Script } from './scripted.ts';

const SCHEMA = {
  type: 'object',
  properties: { seconds: { type: 'integer' }, name: { type: 'string' } },
  required: ['seconds', 'name'],
  additionalProperties: false,
};

describe('an answer', () => {
  let it_: TestDeployment;
  afterEach(() => it_.stop());
  const begin = async (script?: Partial<Script>): Promise<void> => {
    const plan = ['a', 'b'].map((goal) => ({ title: goal, goal }));
    it_ = await testDeployment(script ? { brain: scripted({ plan, turn: () => undefined, ...script }) } : {});
    await it_.startWorker();
  };

  test('of a class that verifies is held against its sources, and what they bear stays', async () => {
    await begin();
    const task = await it_.client.start({
      goal: 'How often does Lighthouse poll the harbour service?',
      sources: [it_.docs],
      class: 'thorough',
    });
    const { answer } = await task.result();
    const claims = answer?.sections.flatMap((section) => section.claims) ?? [];
    expect(answer?.verified).toEqual({ checked: claims.length, dropped: 0 });
    expect(it_.model.requests.filter((one) => one.step === 'muster_verdicts')).toHaveLength(1);
  });

  test('loses a claim that its quotes do not bear, and says which and why', async () => {
    await begin({
      other: () => ({
        verdicts: [
          { claim: 1, verdict: 'unsupported', reason: 'they speak of polling' },
          { claim: 2, verdict: 'supported', reason: 'they do' },
        ],
      }),
    });
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs], class: 'thorough' });
    const { answer, coverage } = await task.result();
    expect(answer?.sections.flatMap(({ claims }) => claims.map(({ text }) => text))).toEqual(['claim of s2/g1/1']);
    expect(answer?.verified).toEqual({ checked: 2, dropped: 1 });
    expect(coverage.gaps.join('\n')).toContain('“claim of s1/g1/1” (they speak of polling)');
  });

  test('whose verifier fails stays as it is, and says that it was not verified', async () => {
    await begin();
    it_.model.inject({ kind: 'status', status: 400, match: { step: 'muster_verdicts' } });
    const task = await it_.client.start({
      goal: 'How often does Lighthouse poll?',
      sources: [it_.docs],
      class: 'thorough',
    });
    const { outcome, answer, coverage } = await task.result();
    expect(outcome).toBe('completed');
    expect(answer?.sections.length).toBeGreaterThan(0);
    expect(answer?.verified).toBeUndefined();
    expect(coverage.gaps.join('\n')).toContain('The answer was not verified');
  });

  test('puts nothing into the data that no cited quote says, neither an address nor a number, and says which fields', async () => {
    const bent = {
      seconds: 15,
      name: 'ask https://evil.example/x or thief@evil.example',
      limit: 4_711,
      home: 'lighthouse.md',
    };
    await begin({ other: (step) => (step === 'muster_data' ? bent : {}) });
    const properties = { ...SCHEMA.properties, home: { type: 'string' }, limit: { type: 'integer' } };
    const ask = async (name: Record<string, unknown>) => {
      const task = await it_.client.start({
        goal: 'anything',
        sources: [it_.docs],
        outputSchema: { ...SCHEMA, properties: { ...properties, name } },
      });
      return await task.result();
    };
    const free = await ask({ type: ['string', 'null'] });
    expect(free.data).toEqual({ seconds: 15, name: null, home: 'lighthouse.md' });
    expect(free.coverage.gaps.join('\n')).toContain(
      'Left out of the data: name, limit: no cited quote was found that says so.',
    );
    expect(JSON.stringify(free)).not.toMatch(/evil|4711/);
    const strict = await ask({ type: 'string' });
    expect(strict.data).toBeUndefined();
    expect(strict.outcome).toBe('completed');
    expect(strict.coverage.gaps.join('\n')).toMatch(
      /Left out of the data: all of it, since no cited quote says name, and the schema allows no null there; limit could not be filled either\./,
    );
    // Asked once more each time: a model may have put it into other words.
    expect(it_.model.requests.filter(({ step }) => step === 'muster_data')).toHaveLength(4);
  });

  test('of the offline model fills a schema from its quotes, and has no data where one field is beyond them', async () => {
    await begin();
    const ask = async (more: Record<string, unknown>) => {
      const properties = { pollSeconds: { type: 'integer' }, ...more };
      const task = await it_.client.start({
        goal: 'How often does Lighthouse poll?',
        sources: [it_.docs],
        outputSchema: { type: 'object', properties, required: Object.keys(properties) },
      });
      return await task.result();
    };
    expect((await ask({ price: { type: ['number', 'null'] } })).data).toEqual({ pollSeconds: 15, price: null });
    const demanded = await ask({ price: { type: 'number' } });
    expect(demanded).not.toHaveProperty('data');
    expect(demanded.coverage.gaps.join('\n')).toMatch(/no cited quote says price\b/);
  });

  test('is given in the schema that was asked for, and asked for again when it does not fit', async () => {
    let asked = 0;
    await begin({
      other: (step) => {
        asked += 1;
        if (step !== 'muster_data') return {};
        return asked === 1 ? { seconds: 'fifteen' } : { seconds: 15, name: 'lighthouse' };
      },
    });
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs], outputSchema: SCHEMA });
    const result = await task.result();
    expect(result.data).toEqual({ seconds: 15, name: 'lighthouse' });
    expect(asked).toBe(2);
    expect(result.answer?.citations.length).toBeGreaterThan(0);
    const again = it_.model.requests.filter((one) => one.step === 'muster_data')[1];
    expect(JSON.stringify(again?.body)).toContain('seconds: Invalid input');
  });

  test('that never fits the schema is kept all the same, and coverage says so', async () => {
    await begin({ other: () => ({ seconds: 'fifteen' }) });
    const task = await it_.client.start({ goal: 'anything', sources: [it_.docs], outputSchema: SCHEMA });
    const result = await task.result();
    expect(result.outcome).toBe('completed');
    expect(result.data).toBeUndefined();
    expect(result.coverage.gaps.join('\n')).toContain('could not be given in the schema');
  });

  test('to a schema that can’t be asked for is refused before anything is started', async () => {
    await begin();
    const start = (outputSchema: Record<string, unknown>) =>
      it_.client.start({ goal: 'anything', sources: [it_.docs], outputSchema });
    await expect(start({ type: 'array' })).rejects.toThrow('must describe an object');
    expect(outputSchemaProblem('x')).toContain('must be a JSON Schema');
    expect(outputSchemaProblem({ type: 'object', description: 'x'.repeat(40_000) })).toContain('at most');
    expect(outputSchemaProblem(SCHEMA)).toBeUndefined();
  });
});

test('an answer without its unsupported claims has its citations numbered anew', () => {
  const citation = (quote: string) => ({ source: 'a.md', sha256: 'x', quote, place: { line: 1 } });
  const answer: Answer = {
    sections: [
      { heading: 'One', claims: [{ text: 'first', citations: [1] }] },
      {
        heading: 'Two',
        claims: [
          { text: 'second', citations: [2, 3] },
          { text: 'third', citations: [3] },
        ],
      },
    ],
    citations: ['p', 'q', 'r'].map(citation),
    gaps: [],
    notes: [],
  };
  const { kept, dropped } = withoutUnsupported(answer, [
    { claim: 1, verdict: 'unsupported', reason: 'no' },
    { claim: 9, verdict: 'unsupported', reason: 'there is no such claim' },
  ]);
  expect(kept.sections).toEqual([
    {
      heading: 'Two',
      claims: [
        { text: 'second', citations: [1, 2] },
        { text: 'third', citations: [2] },
      ],
    },
  ]);
  expect(kept.citations.map(({ quote }) => quote)).toEqual(['q', 'r']);
  expect(dropped).toHaveLength(1);
});
