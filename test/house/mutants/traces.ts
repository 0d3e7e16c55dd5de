// traces.ts: mutants of what is promised about traces.

import { mutant, type Mutant } from './mutant.ts';

const SPANS = 'test/telemetry/spans.test.ts';
const CALLERS = 'test/telemetry/callers.test.ts';
const TOLD = 'test/telemetry/servers-are-told.test.ts';

const rows: Mutant[] = [
  mutant(
    SPANS,
    'a task in which workers died, models failed and work was delegated is one tree, with the times of its records',
    'telemetry/spans-of-lives.ts',
    'parents.get(subtask) ?? rootId',
    'rootId',
  ),
  mutant(
    SPANS,
    'a failed call is a span of its own, and the next try another; who was not asked has none',
    'telemetry/spans-of-log.ts',
    "if (record.t === 'fault' && record.unmade) return undefined;",
    '',
  ),
  mutant(
    SPANS,
    'no word of a model, a person or a document is among the attributes',
    'telemetry/spans-of-lives.ts',
    "'muster.subtask': subtask,",
    "'muster.subtask': title,",
  ),
  mutant(
    SPANS,
    'no word of a model, a person or a document is among the attributes',
    'telemetry/spans-of-task.ts',
    "at, content: { 'muster.conflict.about': event.about } }",
    "at, attributes: { 'muster.conflict.about': event.about } }",
  ),
  mutant(
    SPANS,
    'no word of a model, a person or a document is among the attributes',
    'telemetry/spans-of-task.ts',
    'router === undefined ? { attributes: { [name]: why } }',
    'why ? { attributes: { [name]: why } }',
  ),
  mutant(
    SPANS,
    'no word of a model, a person or a document is among the attributes',
    'telemetry/spans-of-log.ts',
    "TOOL_NAME.test(asked) ? asked : 'unknown'",
    'asked',
  ),
  mutant(
    'test/telemetry/otlp.test.ts',
    'words of models, documents and servers go out only where they were asked for',
    'telemetry/otlp.ts',
    'withContent ? words : undefined',
    'words',
  ),
  mutant(
    'test/telemetry/otlp.test.ts',
    'words of models, documents and servers go out only where they were asked for',
    'telemetry/otlp.ts',
    'withContent ? content : undefined',
    'content',
  ),
  mutant(
    SPANS,
    'a sub-agent that is asked which side of a conflict holds is named as what it is',
    'telemetry/spans-of-lives.ts',
    'known.set(asks, { title, kind });',
    'known.set(title, { title, kind });',
  ),
  {
    ...mutant(
      'test/workflows/conflicting.test.ts',
      'two documents that contradict each other: one sub-agent is asked, and what stays open is told with both sources',
      'activities/synthesize.ts',
      'if (candidates.length > 0) await log.leave();',
      '',
    ),
    needs: 'server',
  },
  mutant(
    'test/telemetry/request-spans.test.ts',
    'a page that may use the API may send the trace of its click: no browser holds the request back',
    'gateway/doors/origins.ts',
    'prefer, traceparent, tracestate, ',
    'prefer, ',
  ),
  {
    ...mutant(
      'test/gateway/api.test.ts',
      'an answer to a start names the session of its task in its headers, also when it is a stream',
      'gateway/routes/start-task.ts',
      "c.set('sessionId', input.sessionId ?? taskId);",
      "c.set('sessionId', taskId);",
    ),
    needs: 'server',
  },
  {
    ...mutant(
      'test/gateway/streams.test.ts',
      'a task that is followed over a WebSocket is in the trace of whoever opened it, in the log and among the spans',
      'gateway/routes/websocket.ts',
      'const trace = traceparent === undefined ? {} : { traceparent };',
      'const trace = {};',
    ),
    needs: 'server',
  },
  mutant(
    SPANS,
    'every span says its session, which is the task where the caller named none',
    'telemetry/read-trace.ts',
    'sessionId: head?.sessionId ?? taskId',
    'sessionId: taskId',
  ),
  mutant(
    SPANS,
    'a caller’s trace has the task’s root under the caller’s span',
    'telemetry/read-trace.ts',
    'caller?.traceId ?? traceIdOf(taskId)',
    'traceIdOf(taskId)',
  ),
  mutant(
    SPANS,
    'a hundred sub-agents are a hundred spans under one root, each with the time of its log',
    'telemetry/spans-of-lives.ts',
    'log?.outcome?.endedAt ?? finished?.at',
    'finished?.at',
  ),
  mutant(
    SPANS,
    'a task at work shows what is open, and a terminated one what its master kept to itself',
    'telemetry/read-trace.ts',
    'if (records.length === 0) return found;',
    'return found;',
  ),
  mutant(
    SPANS,
    'what goes on behind the answer hangs under the task, a stretch for each time that it begins again',
    'telemetry/spans-of-background.ts',
    'if (isLastEvent(event)) open = undefined;',
    '',
  ),
  mutant(
    SPANS,
    'the tree is printed with its branches, its events, and what each took',
    'client/cli/render/trace-lines.ts',
    "span.error ? ` ✗ ${span.error.type}` : ''",
    "''",
  ),
  {
    ...mutant(
      'test/crash/trace.test.ts',
      'killed with its worker and its gateway is one tree from three processes, under its caller, and no span comes twice',
      'activities/lifecycle/task-head.ts',
      '...(traceparent === undefined ? {} : { traceparent }),',
      '',
    ),
    needs: 'server',
  },
  {
    ...mutant(
      'test/crash/trace.test.ts',
      'is exported by another worker where its own could not, and its receiver delays no answer',
      'worker/export-traces.ts',
      'behind(() => (isMine ? sendClaimed(key, due, FIRST) : sendDue(key)));',
      'await (isMine ? sendClaimed(key, due, FIRST) : sendDue(key));',
    ),
    needs: 'server',
    hangs: true,
  },
  mutant(
    'test/telemetry/export-traces.test.ts',
    'goes out once, although its end is told twice and two workers look',
    'worker/export-traces.ts',
    'isFirst: true, ',
    '',
  ),
  mutant(
    'test/telemetry/export-traces.test.ts',
    'is kept while its receiver is away, which is said once, and goes out when it is back',
    'worker/export-traces.ts',
    'claimedUntil: 0 })',
    'claimedUntil: Date.now() + CLAIM_MS })',
  ),
  mutant(
    'test/telemetry/trace-settings.test.ts',
    'a share of the traces is kept, the same ones by everybody, and a caller’s decision counts where it may',
    'telemetry/trace-settings.ts',
    'if (heedsCaller && caller !== undefined) return caller;',
    '',
  ),
  mutant(
    'test/telemetry/request-spans.test.ts',
    'a start is a leaf under the root of its task, whether the caller had a trace or not',
    'gateway/request-spans.ts',
    'isPart ? task.spanId : caller?.spanId',
    'caller?.spanId',
  ),
  mutant(
    'test/telemetry/request-spans.test.ts',
    'reads and commands are spans of their callers, linked to the task',
    'gateway/request-spans.ts',
    '...(task && !isPart ? { links: [task] } : {}),',
    '',
  ),
  {
    ...mutant(
      'test/gateway/http-client.test.ts',
      'a task’s trace is the same through the client without gRPC, but for the words of prompts and answers',
      'client/http/wire-trace.ts',
      'if (one.stretch === undefined) trace.spans.push(span);',
      'if (one.stretch !== 0) trace.spans.push(span);',
    ),
    needs: 'server',
  },
  {
    ...mutant(
      CALLERS,
      'that starts a task is a span of it, in the trace that TRACEPARENT names; of others it is linked to the task',
      'client/cli/command-span.ts',
      '? { traceId: root.traceId, spanId, parentId: root.spanId, attributes }',
      '? { ...own, attributes }',
    ),
    needs: 'server',
  },
  {
    ...mutant(
      CALLERS,
      'through a gateway is one tree with it, from who typed it to the last call of a model',
      'client/cli/start-task.ts',
      'withGateway(gateway, io, flags.tenant, start, callerTraceparent)',
      'withGateway(gateway, io, flags.tenant, start)',
    ),
    needs: 'server',
  },
  {
    ...mutant(
      CALLERS,
      'waits for no receiver, and says nothing of one that is away',
      'client/cli/command-span.ts',
      'late]).catch(() => undefined);',
      'late]);',
    ),
    needs: 'server',
  },
  {
    ...mutant(
      CALLERS,
      'has the task under its active span, and starts and commands as spans of its SDK',
      'client/muster-client.ts',
      'options.traceparent ?? (await activeTraceparent())',
      'options.traceparent',
    ),
    needs: 'server',
  },
  {
    ...mutant(
      TOLD,
      'an MCP server is told the span of its call, and the session, with the call',
      'activities/tools/mcp/connection.ts',
      '...(trace ? { _meta: { ...trace } } : {})',
      '',
    ),
    needs: 'server',
  },
  {
    ...mutant(
      TOLD,
      'a receiver is told the span of its delivery, and the session, in headers',
      'activities/notify/webhook.ts',
      '...trace,',
      '',
    ),
    needs: 'server',
  },
  {
    ...mutant(
      TOLD,
      'prompts and answers that go out by request have no secret of the worker, however it is written',
      'protocol/secrets.ts',
      '(CHANGED_IN_JSON.test(secret) ? inJsonOfAnyDepth(secret) : secret)',
      'secret',
    ),
    needs: 'server',
  },
  mutant(
    'test/telemetry/off.test.ts',
    'a worker, a gateway and a client that nothing asks for traces load no part of OpenTelemetry',
    'telemetry/otlp.ts',
    'export interface SpanSender {',
    "import '@opentelemetry/resources';\nexport interface SpanSender {",
  ),
];

export default rows;
