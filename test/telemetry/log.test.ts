// A line of the log: where it goes and how it looks, the ids that go with it, and what of secrets and hostile text is left of it.

import { defaultPayloadConverter } from '@temporalio/common';
import { logHere, withLogFields } from '../../telemetry/log-scope.ts';
import { openLog, type LogFormat, type LogOptions } from '../../telemetry/log.ts';
import { openProcessLog } from '../../telemetry/process-log.ts';
import { secretsOf } from '../../protocol/secrets.ts';
import type { LogFields } from '../../protocol/log-line.ts';
import { sessionBaggage } from '../../protocol/session-baggage.ts';
import { traceIdOf } from '../../telemetry/trace-context.ts';
import { interceptors } from '../../telemetry/workflow-headers.ts';
import { logScope } from '../../worker/log-scope.ts';
import { sdkLogger } from '../../worker/sdk-log.ts';
import { logProblems, logSettings } from '../../settings/log-settings.ts';

function kept(format: LogFormat = 'json', options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const log = openLog({ room: 'worker', format, ...options, to: { write: (line) => void lines.push(line) } });
  return { log, lines, said: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

const DRIVES =
  // oxlint-disable-next-line no-control-regex -- what must not reach a terminal or end a line
  /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029\ufeff]/;
const HOSTILE =
  'safe\u001b[2J\u001b]0;owned\u0007 \u009b31m\u202Eevil\r\u2028muster worker: forged\n{"level":"error"}\nend';

test('a line carries the ids of what it is about, however deep it is written', async () => {
  const { log, said } = kept();
  await withLogFields(
    { task: 't-1', trace_id: 'a'.repeat(32) },
    async () =>
      await withLogFields({ subtask: 's1', generation: 2 }, async () => {
        await Promise.resolve();
        logHere('warn', 'a call failed', { call: 'turn-3' });
      }),
    (level, message, fields) => log.write(level, message, fields),
  );
  logHere('warn', 'nobody logs here');
  log.info('of the process');
  expect(said()).toMatchObject([
    {
      level: 'warn',
      message: 'a call failed',
      room: 'worker',
      task: 't-1',
      subtask: 's1',
      generation: 2,
      call: 'turn-3',
      trace_id: 'a'.repeat(32),
    },
    { level: 'info', message: 'of the process' },
  ]);
  expect(said()[1]).not.toHaveProperty('task');
});

test('an Activity’s lines carry its task, and the trace and the session that came in its headers', async () => {
  const { log, said } = kept();
  const sink = { info: (message: string, fields: object) => log.info(message, fields as LogFields) };
  const scope = (workflowId: string) =>
    logScope({ info: { workflowExecution: { workflowId }, activityType: 'planTask', attempt: 2 }, log: sink } as never);
  const run = async (workflowId: string, headers: Record<string, string>): Promise<void> => {
    const payloads = Object.entries(headers).map(([name, text]) => [name, defaultPayloadConverter.toPayload(text)]);
    const input = { headers: Object.fromEntries(payloads), args: [] } as never;
    await scope(workflowId).inbound?.execute?.(input, async () => logHere('info', 'it plans'));
  };
  const traceId = 'b'.repeat(32);
  await run('t-1', { traceparent: `00-${traceId}-${'c'.repeat(16)}-01`, baggage: sessionBaggage('weekly') });
  await run('t-1/background', {});
  expect(said()).toMatchObject([
    { task: 't-1', trace_id: traceId, agent_session_id: 'weekly', activity: 'planTask', attempt: 2 },
    { task: 't-1', trace_id: traceIdOf('t-1') },
  ]);
});

test('a Workflow says the session of its task to its Activities and in its lines, also where nobody said it at the start', async () => {
  const { log, said } = kept();
  const parent = `00-${'b'.repeat(32)}-${'c'.repeat(16)}-01`;
  const baggageFor = async (headers: Record<string, string>): Promise<unknown> => {
    const payloads = Object.entries(headers).map(([name, text]) => [name, defaultPayloadConverter.toPayload(text)]);
    const { inbound, outbound } = interceptors();
    const input = { args: [{ request: { sessionId: 'weekly' } }], headers: Object.fromEntries(payloads) };
    await inbound?.[0]?.execute?.(input, async () => undefined);
    const attributes = outbound?.[0]?.getLogAttributes?.({ workflowId: 't-1' }, (its) => its);
    sdkLogger(log).warn('Workflow failed', attributes);
    let given: Record<string, never> = {};
    await outbound?.[0]?.scheduleActivity?.(
      { headers: {} } as never,
      async (its) => void (given = its.headers as never),
    );
    return defaultPayloadConverter.fromPayload(given.baggage as never);
  };
  expect(await baggageFor({})).toBe(sessionBaggage('weekly'));
  expect(await baggageFor({ baggage: sessionBaggage('daily'), traceparent: parent })).toBe(sessionBaggage('daily'));
  expect(said()).toMatchObject([
    { task: 't-1', agent_session_id: 'weekly', trace_id: traceIdOf('t-1') },
    { task: 't-1', agent_session_id: 'daily', trace_id: 'b'.repeat(32) },
  ]);
});

test('lines of the SDK have the same ids, and its news is left out where nobody asked for it', () => {
  const { log, said } = kept();
  const sdk = sdkLogger(log);
  const error = new Error('why');
  sdk.info('Worker state changed', { sdkComponent: 'worker' });
  sdk.info('said by a tool', { sdkComponent: 'activity', workflowId: 't-1', subtask: 's1', generation: 1 });
  sdk.warn('Activity failed', { sdkComponent: 'worker', workflowId: 't-1/background', activityType: 'deliver', error });
  expect(said()).toMatchObject([
    { level: 'info', message: 'said by a tool', task: 't-1', subtask: 's1', generation: 1 },
    { level: 'warn', task: 't-1', activity: 'deliver', error: 'why', stack: expect.stringContaining('Error: why') },
  ]);
  const terminal = kept('text');
  sdkLogger(terminal.log).warn('Activity failed', { workflowId: 't-1', activityType: 'planTask', error });
  expect(terminal.lines).toEqual(['muster worker: warn: Activity failed (planTask of t-1): why\n']);
});

test('no secret is in a line, wherever it stands and however it is escaped', () => {
  const secrets = secretsOf(
    {
      OPENAI_API_KEY: 'sk-one-4f1d0c7e9b2a',
      HOOK: 'named-by-the-file',
      MUSTER_STORE_URL: 'postgres://m:p%40ss"word@db/x',
      MY_TOKEN: 'line\nend "quoted"',
      TEMPORAL_TLS_CLIENT_KEY_PATH: '/keys/client.pem',
      EDITOR: 'the-editor',
    },
    '{"webhooks":{"keys":{"a":{"keyFrom":["HOOK"]}}}}',
  );
  const { log, lines } = kept('json', { secrets });
  log.hide(['of-an-mcp-server']);
  const all = [
    'sk-one-4f1d0c7e9b2a',
    'named-by-the-file',
    'p@ss"word',
    'line\nend "quoted"',
    'of-an-mcp-server',
    'mk_abcdefgh_secret',
    'st_ticket-1',
    `whsec_${'A'.repeat(32)}`,
    'eyJhbGciOiJI.eyJzdWIi.c2ln',
  ];
  for (const secret of all)
    log.error(`refused ${secret} by the server`, { error: `x ${secret}`, stack: `\n${secret}` });
  log.info('Authorization: Bearer abcdef123456 at postgres://user:unknown-pass@db/x');
  const written = lines.join('');
  for (const secret of [...all, 'abcdef123456', 'unknown-pass']) {
    expect(written).not.toContain(secret);
    expect(written).not.toContain(JSON.stringify(secret).slice(1, -1));
  }
  log.info('/keys/client.pem can’t be read by the-editor');
  expect(lines.at(-1)).toContain('/keys/client.pem can’t be read by the-editor');
});

test.each(['json', 'text'] as const)(
  'hostile text of a megabyte stays one harmless line of bounded length (%s)',
  (format) => {
    const { log, lines } = kept(format);
    log.info(HOSTILE, { error: HOSTILE, odd: 'x'.repeat(1_000_000), [HOSTILE]: 1, level: 'forged' });
    log.error(`${HOSTILE} ${'😀 \u0007'.repeat(300_000)}`);
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line.length).toBeLessThan(24_000);
      expect(line.slice(0, -1)).not.toMatch(DRIVES);
      // Nothing in it looks like a line of its own.
      const rows = line.slice(0, -1).split('\n');
      expect(rows.slice(1).every((row) => row.startsWith('  '))).toBe(true);
      expect(line).not.toContain('forged",');
      if (format === 'json') expect(rows).toHaveLength(1);
    }
  },
);

test('a terminal gets words and a pipe JSON, unless a setting says otherwise', () => {
  expect(logSettings({})).toEqual({ format: undefined, level: 'info' });
  expect(logSettings({ MUSTER_LOG: 'text', MUSTER_LOG_LEVEL: 'debug' })).toEqual({ format: 'text', level: 'debug' });
  expect(logProblems({ MUSTER_LOG: 'yaml', MUSTER_LOG_LEVEL: 'loud' })).toEqual([
    'MUSTER_LOG is "yaml", it must be one of json, text',
    'MUSTER_LOG_LEVEL is "loud", it must be one of debug, info, warn, error',
  ]);
  const wasTerminal = process.stderr.isTTY;
  const written = (isTTY: boolean, format?: LogFormat): string => {
    const lines: string[] = [];
    process.stderr.isTTY = isTTY;
    const to = { write: (line: string) => void lines.push(line) };
    openProcessLog('worker', {}, { format, level: 'info' }, to).info('it begins');
    return lines.join('');
  };
  expect(written(true)).toBe('muster worker: it begins\n');
  expect(JSON.parse(written(false))).toMatchObject({ message: 'it begins', room: 'worker', level: 'info' });
  expect(written(false, 'text')).toBe('muster worker: it begins\n');
  expect(JSON.parse(written(true, 'json'))).toMatchObject({ message: 'it begins' });
  process.stderr.isTTY = wasTerminal;
});
