// schemas.ts: what goes in and out of the API, once: requests are judged by these, answers are described by them in the
// OpenAPI document, and tests hold answers to them. Fields are only ever added.

import { z } from '@hono/zod-openapi';
import { MAX_SOURCES } from '../../protocol/limits.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';

const time = z.iso.datetime().openapi({ example: '2026-03-01T12:00:00.000Z' });
const label = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'it may have 1 to 64 letters, digits, dots, underscores and dashes');

export const status = z
  .enum(['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled'])
  .openapi('Status');

const source = z
  .union([
    z.strictObject({ kind: z.literal('url'), url: z.string() }),
    z.strictObject({ kind: z.literal('named'), name: label }),
    z.strictObject({
      kind: z.literal('upload'),
      id: z.string().regex(/^upload-[0-9a-f]{32}$/, 'it must be the id of an upload'),
    }),
    z.strictObject({
      kind: z.literal('path'),
      path: z.string().min(1).max(4_096),
      include: z.array(z.string().max(1_024)).max(64).optional(),
      exclude: z.array(z.string().max(1_024)).max(64).optional(),
    }),
    z.string().min(1).max(4_096),
  ])
  .openapi('Source', {
    description:
      'Where evidence comes from: an address of the web, a source named in the gateway’s config, a file that was uploaded, or, only on loopback and without keys, a path (relative ones from the folder that holds .muster). A plain text is an address or a path.',
  });

export const newTask = z
  .strictObject({
    goal: z.string().min(1).openapi({ description: 'The question or goal, at most 32 KiB.' }),
    sources: z.array(source).min(1, 'name at least one source').max(MAX_SOURCES),
    class: label.optional().openapi({ description: 'Name of a request class. Default: standard.' }),
    path: z.enum(['auto', 'deep']).optional().openapi({ description: 'How it runs. Default: auto.' }),
    limits: z
      .strictObject({
        deadline_seconds: z.int().positive().optional(),
        max_subtasks: z.int().positive().optional(),
        tokens: z.int().positive().optional(),
        cost_usd: z.number().positive().optional(),
      })
      .optional()
      .openapi({ description: 'Less than the class allows.' }),
    output_schema: z
      .record(z.string(), z.unknown())
      .optional()
      .openapi({ description: 'JSON Schema of an object to hand the answer back as, too.' }),
    session_id: label.optional(),
  })
  .openapi('NewTask');

export const cancelBody = z.strictObject({ reason: z.string().min(1).max(1_000).optional() }).openapi('Cancel');

export const replyBody = z
  .strictObject({
    handle: z.string().min(1).max(256),
    content: z.unknown().openapi({ description: 'Text, or any JSON, for the model; at most 100 kB.' }),
    ok: z.boolean().optional().openapi({ description: 'False tells the model that the call failed. Default: true.' }),
  })
  .openapi('Reply');

const estimate = {
  estimated_time: z.int().openapi({ description: 'Seconds that half of such tasks keep.' }),
  estimated_time_range: z.object({ from: z.int(), to: z.int() }),
  estimated_time_basis: z.enum(['history', 'class']),
};

const links = z.object({ self: z.string(), events: z.string(), result: z.string() });

export const acceptedTask = z
  .object({ task_id: z.string(), status, created_at: time, ...estimate, urls: links })
  .openapi('AcceptedTask');

const modelUsage = z.object({
  calls: z.int(),
  input_tokens: z.int(),
  output_tokens: z.int(),
  cost_usd: z.number().optional(),
});

const usage = z
  .object({
    model_calls: z.int(),
    tool_calls: z.int(),
    input_tokens: z.int(),
    output_tokens: z.int(),
    wasted_tokens: z.int(),
    estimated_tokens: z.int().optional(),
    cost_usd: z.number().optional(),
    by_model: z.record(z.string(), modelUsage).optional(),
  })
  .openapi('Usage');

const failure = z.object({ type: z.string(), message: z.string() }).openapi('Failure');

const coverage = z
  .object({
    done: z.int(),
    failed: z.int(),
    skipped: z.int(),
    subtasks: z.array(
      z.object({
        subtask: z.string(),
        title: z.string(),
        state: z.string(),
        findings: z.int(),
        failure: failure.optional(),
        data_ref: z.string().optional(),
      }),
    ),
    gaps: z.array(z.string()),
  })
  .openapi('Coverage');

const subtask = z
  .object({
    id: z.string(),
    title: z.string(),
    kind: z.string(),
    needs: z.array(z.string()),
    state: z.string(),
    generation: z.int(),
    findings: z.int(),
    turns: z.int(),
    usage,
    started_at: time.optional(),
    ended_at: time.optional(),
    retry_at: time.optional(),
    failure: failure.optional(),
    now: z
      .object({ phase: z.string(), turn: z.int(), tokens: z.int(), writes: z.string().optional() })
      .optional()
      .openapi({ description: 'What it does just now.' }),
  })
  .openapi('Subtask');

const citation = z.object({
  source: z.string(),
  sha256: z.string(),
  quote: z.string(),
  place: z.object({ page: z.int().optional(), line: z.int() }),
});

const answer = z
  .object({
    sections: z.array(
      z.object({
        heading: z.string(),
        claims: z.array(z.object({ text: z.string(), citations: z.array(z.int()) })),
      }),
    ),
    citations: z.array(citation),
    gaps: z.array(z.string()),
    verified: z.object({ checked: z.int(), dropped: z.int() }).optional(),
    notes: z.array(z.string()),
  })
  .openapi('Answer');

export const result = z
  .object({
    v: z.int(),
    task_id: z.string(),
    run: z.string(),
    outcome: z.enum(['completed', 'failed', 'cancelled']),
    goal: z.string(),
    answer: answer.optional(),
    answer_ref: z.string().optional(),
    data: z.unknown().optional(),
    data_ref: z.string().optional(),
    draft: z.string().optional(),
    failure: failure.optional(),
    coverage,
    skipped: z
      .object({
        count: z.int(),
        files: z.array(z.object({ path: z.string(), reason: z.string(), ignored: z.literal(true).optional() })),
        ref: z.string().optional(),
      })
      .optional(),
    usage,
    waste: z.array(z.record(z.string(), z.unknown())).optional(),
    prompts: z.array(z.string()).optional(),
    failovers: z.array(z.record(z.string(), z.unknown())).optional(),
    notes: z.array(z.string()).optional(),
    model: z.object({ name: z.string(), offline: z.boolean() }).optional(),
    timings: z.object({ accepted_at: time, first_activity_at: time.optional(), closed_at: time }),
    plan_ref: z.string().optional(),
    corpus_ref: z.string().optional(),
  })
  .openapi('Result');

export const task = z
  .object({
    task_id: z.string(),
    status,
    waiting_for: z.enum(['person', 'worker', 'answer']).optional(),
    goal: z.string(),
    class: z.string().optional(),
    session_id: z.string().optional(),
    created_at: time,
    closed_at: time.nullable().openapi({ description: 'What pollers test: null until the task has ended.' }),
    percent: z.int().min(0).max(100).openapi({ description: 'Never goes back, whichever gateway is asked.' }),
    stage: z.string().optional(),
    headings: z.array(z.string()).optional().openapi({ description: 'The outline of the answer.' }),
    last_event: z.int().optional().openapi({ description: 'Number of the last event that it counts in.' }),
    reading: z.string().optional().openapi({ description: 'What is done to the documents just now.' }),
    ...estimate,
    estimated_time_left: z.int(),
    subtasks: z.array(subtask),
    step: z.object({ name: z.string(), model: z.string(), tokens: z.int(), seconds: z.int() }).optional(),
    findings: z
      .array(z.object({ id: z.string(), claim: z.string(), at: z.string() }))
      .openapi({ description: 'Found so far, in short form; empty once the result is there.' }),
    draft: z.string().optional(),
    coverage: coverage.optional(),
    remarks: z.array(z.string()).optional(),
    usage: usage.optional(),
    note: z.string().optional(),
    result: result.optional(),
    urls: links,
  })
  .openapi('Task');

export const taskList = z
  .object({
    tasks: z.array(
      z.object({
        task_id: z.string(),
        status,
        goal: z.string(),
        class: z.string().optional(),
        created_at: time,
        closed_at: time.nullable(),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi('TaskList');

export const ticketBody = z.strictObject({}).openapi('NewTicket');

export const ticket = z
  .object({
    ticket: z.string(),
    expires_at: time,
    urls: z.object({ events: z.string(), stream: z.string() }).openapi({ description: 'With the ticket in them.' }),
  })
  .openapi('Ticket');

export const upload = z
  .object({
    upload_id: z.string(),
    name: z.string(),
    type: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    created_at: time,
    expires_at: time.openapi({ description: 'A task that names it moves this on.' }),
  })
  .openapi('Upload');

export const uploaded = z.object({ uploads: z.array(upload) }).openapi('Uploaded');

export const recorded = z.object({ task_id: z.string(), recorded: z.literal(true) }).openapi('Recorded');

export const health = z
  .object({
    ok: z.boolean(),
    checks: z.record(z.string(), z.object({ ok: z.boolean(), note: z.string().optional() })).optional(),
  })
  .openapi('Health');

export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]),
    errors: z
      .array(z.object({ pointer: z.string().optional(), parameter: z.string().optional(), detail: z.string() }))
      .optional(),
    request_id: z.string().optional(),
  })
  .openapi('Problem');

export type TaskView = z.infer<typeof task>;
export type NewTask = z.infer<typeof newTask>;
