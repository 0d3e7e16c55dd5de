// The board on the real server: what one sub-agent shares in the middle of its work, the offline model beside it does not fetch again;
// and whoever watches the task sees it.

import type { TaskInput } from '../../client/index.ts';
import type { TaskEvent } from '../../protocol/events.ts';
import type { LogRecord } from '../../protocol/log-records.ts';
import { offlineBrain } from '../../simulator/brain/brain.ts';
import type { Brain, ChatRequest } from '../../simulator/server.ts';
import { call, finding, scripted } from '../agents/scripted.ts';
import { testDeployment, type TestDeployment } from '../rig/deployment.ts';

const POLLS = 'How often does the lighthouse poll?';
const CLAIM = 'The lighthouse polls every 15 seconds.';

let it_: TestDeployment;
let brain: Brain;
beforeAll(async () => {
  it_ = await testDeployment({ latencyMs: 20, brain: (request) => brain(request) });
  await it_.startWorker();
});
afterAll(() => it_.stop());

/** A door that is opened once. */
function door() {
  let open = (): void => undefined;
  const opened = new Promise<void>((done) => (open = done));
  return { open: () => open(), opened };
}

/** What the third sub-agent asks while the first one, which has shared what it found, is still at work. */
async function run(input: Partial<TaskInput>) {
  const [shared, asked] = [door(), door()];
  const isAbout = ({ messages }: ChatRequest, goal: string): boolean =>
    JSON.stringify(messages[1] ?? '').includes(`<subtask>\\n${goal}`);
  const script = scripted({
    plan: [
      { title: 'Shares', goal: 'shares' },
      { title: 'Before', goal: 'before' },
      { title: 'Polls', goal: POLLS, needs: [2] },
    ],
    turn(goal, results, _heard, { tools }) {
      if (goal !== 'shares' || results.length > 0) return undefined;
      const hasBoard = tools?.some((tool) => tool.function.name === 'share_finding');
      return [
        call('search_documents', { query: 'lighthouse polls' }),
        ...(hasBoard ? [call('share_finding', finding(CLAIM))] : []),
      ];
    },
    findings: (goal) => ({ findings: [finding(`claim of ${goal}`)], missing: [] }),
  });
  brain = async (request) => {
    if (request.response_format?.json_schema?.name !== 'muster_findings') return await script(request);
    const hasResults = request.messages.some(({ role }) => role === 'tool');
    if (isAbout(request, 'shares') && hasResults) {
      shared.open();
      await asked.opened;
    }
    if (isAbout(request, 'before')) await shared.opened;
    if (!isAbout(request, POLLS)) return await script(request);
    const reply = offlineBrain(request);
    if (reply.toolCalls.length === 0) asked.open();
    return reply;
  };
  const handle = await it_.client.start({ goal: 'g', sources: [it_.docs], ...input });
  const result = await handle.result();
  const events: TaskEvent[] = [];
  for await (const event of handle.events()) events.push(event);
  const records = await it_.store.readLog<LogRecord>({ run: result.run, subtask: 's3', generation: 1 });
  const fetches = records.filter((one) => one.t === 'tool' && /^(?:search|read)_documents?$/.test(one.name)).length;
  return { handle, result, events, records, fetches };
}

test('what a sub-agent shares in the middle of its work is not fetched again by the one beside it', async () => {
  const off = await run({});
  expect(off.fetches).toBeGreaterThan(0);
  expect(off.events.filter(({ type }) => type === 'subtask.shared')).toEqual([]);

  const on = await run({ board: true });
  expect(on.fetches).toBe(0);
  expect(on.result.coverage.subtasks.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
  const board = on.records.flatMap((one) => (one.t === 'board' ? [one] : []));
  expect(board).toMatchObject([{ turn: 1, items: [{ by: 's1', finding: { claim: CLAIM } }] }]);

  const told = on.events.filter(({ type }) => type === 'subtask.shared');
  expect(told).toMatchObject([{ subtask: 's1', finding: { id: 's1/g1/b1', claim: CLAIM } }]);
  const found = on.events.find((event) => event.type === 'subtask.finding' && event.subtask === 's3');
  expect(found).toMatchObject({ finding: { claim: CLAIM } });
  expect(await on.handle.findings()).toContainEqual(expect.objectContaining({ id: 's1/g1/b1', claim: CLAIM }));
  expect((await on.handle.status()).progress?.board ?? { items: 1 }).toMatchObject({ items: 1 });
}, 60_000);
