// The same road with a model server that nobody here wrote.

import { LLMock } from '@copilotkit/aimock';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';

interface Request {
  messages: { role: string }[];
  response_format?: { json_schema?: { name?: string } };
}

const asks = (name: string) => (request: unknown) => (request as Request).response_format?.json_schema?.name === name;

describe('a model server of another make', () => {
  let it_: TestDeployment;
  let mock: LLMock;
  beforeEach(async () => {
    it_ = await testDeployment();
    mock = new LLMock({ port: 0 });
    await mock.start();
    await it_.startWorker({ provider: { model: 'gpt-4o-mini', baseURL: `${mock.url}/v1`, offline: false } });
  });
  afterEach(async () => {
    await it_.stop();
    await mock.stop();
  });

  test('takes a task to a cited answer, by tool calls and JSON, and no false quote gets in', async () => {
    const json = (value: unknown) => ({ content: JSON.stringify(value) });
    const finding = (claim: string, source: string, quote: string) => ({ claim, citations: [{ source, quote }] });
    mock.on(
      { predicate: asks('muster_plan') },
      json({ subtasks: [{ title: 'Ferry', kind: 'researcher', goal: 'How many routes?', needs: [] }] }),
    );
    mock.on(
      {
        predicate: (request) =>
          asks('muster_findings')(request) && !(request as Request).messages.some((one) => one.role === 'tool'),
      },
      { toolCalls: [{ name: 'search_documents', arguments: JSON.stringify({ query: 'ferry routes', limit: null }) }] },
    );
    mock.on(
      { predicate: asks('muster_findings') },
      json({
        findings: [
          finding(
            'It holds at most 12 routes.',
            'ferry.txt',
            'It holds at most 12 routes, and a route has up to 40 stops.',
          ),
          finding('It holds 13 routes.', 'ferry.txt', 'It holds at most 13 routes, and a route has up to 40 stops.'),
          finding('Elsewhere.', 'harbour.md', 'It holds at most 12 routes, and a route has up to 40 stops.'),
        ],
        missing: [],
      }),
    );
    mock.on(
      { predicate: asks('muster_answer') },
      json({ sections: [{ heading: 'Routes', claims: [{ text: 'Twelve.', findings: ['s1/g1/1'] }] }], gaps: [] }),
    );

    const result = await (
      await it_.client.start({ goal: 'How many routes does the ferry planner hold?', sources: [it_.docs] })
    ).result();
    expect(result.answer?.citations).toEqual([
      expect.objectContaining({
        source: 'ferry.txt',
        quote: 'It holds at most 12 routes, and a route has up to 40 stops.',
        place: { line: 3 },
      }),
    ]);
    expect(result.answer?.notes).toEqual([]);
    expect(result.model).toEqual({ name: 'gpt-4o-mini', offline: false });
    expect(result.usage.toolCalls).toBe(1);
    expect(result.coverage.gaps.join(' ')).toContain('13 routes');
  });
});
