// The gateway's own spans: of the start under the task's root, of all else linked to it.

import { preflight } from '../../gateway/doors/origins.ts';
import { requestSpans } from '../../gateway/request-spans.ts';
import type { Span } from '../../protocol/trace.ts';
import type { TaskRecord } from '../../store/store.ts';
import { spanIdOf, traceIdOf } from '../../telemetry/trace-context.ts';
import { RUN, T0 } from './recorded-task.ts';

const CALLER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const [TRACE, PARENT] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
const entry = { requestId: 'r', status: 200, ms: 5, path: '/tasks/task-1' };
const start = { ...entry, method: 'POST', route: '/tasks', status: 202, taskId: 'task-1' };
const read = { ...entry, method: 'GET', route: '/tasks/{id}', taskId: 'task-1' };

async function spansOf(entries: object[], head: Partial<TaskRecord> | undefined, ratio = 1): Promise<Span[]> {
  const sent: Span[] = [];
  const kept = head && {
    taskId: 'task-1',
    run: RUN,
    goal: 'g',
    className: 'c',
    tenant: 't',
    acceptedAt: T0,
    retentionDays: 1,
  };
  const spans = requestSpans({
    store: { getTask: async () => kept && { ...kept, ...head } },
    sampler: { ratio, heedsCaller: true },
    say: () => undefined,
    sender: { send: async (some) => void sent.push(...some), close: async () => undefined },
  });
  for (const one of entries) spans.add(one as never);
  await spans.close();
  return sent;
}

test('a start is a leaf under the root of its task, whether the caller had a trace or not', async () => {
  const [own] = await spansOf([start], { sessionId: 'mine' });
  expect(own).toMatchObject({
    traceId: traceIdOf('task-1'),
    parentId: spanIdOf('task-1'),
    name: 'POST /tasks',
    attributes: { agent_session_id: 'mine', 'http.response.status_code': 202 },
  });
  const asked = { ...start, traceparent: CALLER };
  const [before] = await spansOf([asked], undefined);
  const [after] = await spansOf([asked], { traceparent: CALLER });
  for (const one of [before, after]) expect(one).toMatchObject({ traceId: TRACE, parentId: spanIdOf('task-1') });
  // The same key asked again from elsewhere: the task's trace is that of who asked first.
  const [again] = await spansOf([{ ...start, traceparent: CALLER.replaceAll('4', '5') }], { traceparent: CALLER });
  expect(again?.traceId).toBe(TRACE);
});

test('reads and commands are spans of their callers, linked to the task', async () => {
  const link = { traceId: traceIdOf('task-1'), spanId: spanIdOf('task-1') };
  const pause = { ...read, method: 'POST', route: '/tasks/{id}/pause', traceparent: CALLER };
  const [alone, called] = await spansOf([read, pause], {});
  expect(alone?.links).toEqual([link]);
  expect(alone?.parentId).toBeUndefined();
  expect(alone?.traceId).not.toBe(link.traceId);
  expect(called).toMatchObject({ traceId: TRACE, parentId: PARENT, links: [link], name: 'POST /tasks/{id}/pause' });
});

test('what fails on the gateway’s side is an error, what is not sampled is none', async () => {
  expect((await spansOf([{ ...read, status: 503 }], {}))[0]?.error).toEqual({ type: '503' });
  expect((await spansOf([{ ...read, status: 404 }], {}))[0]?.error).toBeUndefined();
  expect(await spansOf([start, read], {}, 0)).toEqual([]);
  expect(await spansOf([{ ...start, traceparent: CALLER }], { traceparent: CALLER }, 0)).toHaveLength(1);
});

test('a page that may use the API may send the trace of its click: no browser holds the request back', () => {
  const origin = 'https://app.example.com';
  const asks = { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'traceparent' };
  const may = preflight(new Request('http://localhost/tasks', { method: 'OPTIONS', headers: asks }), [origin]);
  const allowed = may?.headers.get('access-control-allow-headers')?.split(', ');
  expect(allowed).toEqual(expect.arrayContaining(['traceparent', 'tracestate', 'baggage']));
  expect(may?.headers.get('access-control-expose-headers')?.split(', ')).toContain('agent-session-id');
});
