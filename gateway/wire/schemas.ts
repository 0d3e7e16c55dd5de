// schemas.ts: what comes out of the API, once: answers are described by these in the OpenAPI document, and tests hold answers to
// them. Fields are only ever added. What goes in is request-schemas.ts.

import { z } from '@hono/zod-openapi';
import { coverage, failure } from './coverage-schema.ts';
import { proposal, question, time } from './plan-schemas.ts';
import { PROBLEMS, type ProblemCode } from './problems.ts';
import { money, usage } from './usage-schemas.ts';

export const status = z
  .enum(['queued', 'running', 'waiting', 'paused', 'completed', 'failed', 'cancelled'])
  .openapi('Status');

const route = z
  .object({
    path: z.enum(['fast', 'deep']),
    asked: z.enum(['auto', 'fast', 'deep']).optional(),
    by: z.string().openapi({ description: 'What it rests on.' }),
    why: z.string(),
    given: z.enum(['whole', 'streamed']).optional(),
    numbers: z.record(z.string(), z.number()),
    router: z.string().optional(),
  })
  .openapi('Route', { description: 'The verdict that chose its path; absent where nobody was asked to choose.' });

const estimate = {
  estimated_time: z.int().openapi({ description: 'Seconds that half of such tasks keep.' }),
  estimated_time_range: z.object({ from: z.int(), to: z.int() }),
  estimated_time_basis: z.enum(['history', 'class']),
};

const links = z.object({ self: z.string(), events: z.string(), result: z.string() });

const agentSession = z
  .string()
  .openapi({ description: 'As in traces, logs and the search attribute: session_id, else the id of the task.' });

export const acceptedTask = z
  .object({ task_id: z.string(), status, agent_session_id: agentSession, created_at: time, ...estimate, urls: links })
  .openapi('AcceptedTask');

/** What goes on behind the answer. */
const background = z
  .object({
    state: z.enum(['running', 'over']),
    deliveries: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        to: z.string(),
        event: z.string(),
        at: time,
        state: z.string(),
        tries: z.int(),
        reason: z.string().optional(),
        retry_at: time.optional(),
        delivered_at: time.optional(),
        code: z.int().optional(),
      }),
    ),
    subtasks: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        state: z.string(),
        findings: z.int(),
        failure: failure.optional(),
      }),
    ),
  })
  .openapi('Background');

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
    round: z.int().optional().openapi({ description: 'The further round that it is of: 2 or 3.' }),
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

export const answer = z
  .object({
    sections: z.array(
      z.object({
        heading: z.string(),
        claims: z.array(z.object({ text: z.string(), citations: z.array(z.int()) })),
      }),
    ),
    citations: z.array(citation),
    conflicts: z
      .array(
        z.object({
          about: z.string(),
          sides: z.array(
            z.object({
              claim: z.string(),
              value: z.string().optional(),
              source: z.string(),
              citations: z.array(z.int()),
            }),
          ),
          settled: z.object({ side: z.int(), claim: z.string(), citations: z.array(z.int()) }).optional(),
        }),
      )
      .optional()
      .openapi({ description: 'Where its sources contradict each other; `settled` says which side holds, from 0.' }),
    gaps: z.array(z.string()),
    verified: z.object({ checked: z.int(), dropped: z.int() }).optional(),
    notes: z.array(z.string()),
  })
  .openapi('Answer');

/** Its place in its session. */
const sessionView = z
  .object({
    id: z.string(),
    n: z.int().openapi({ description: 'Its place among the questions of the session, from 1.' }),
    sees: z.array(z.string()).openapi({ description: 'Tasks that had ended by then: their questions and answers.' }),
    open: z
      .array(z.string())
      .optional()
      .openapi({ description: 'Tasks that were at work by then: their questions alone.' }),
    chars: z.int(),
    resolved: z.string().optional().openapi({ description: 'What it means, where it leans on an earlier question.' }),
  })
  .openapi('SessionView');

export const result = z
  .object({
    v: z.int(),
    task_id: z.string(),
    run: z.string(),
    outcome: z.enum(['completed', 'failed', 'cancelled']),
    goal: z.string(),
    session: sessionView.optional(),
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
    timings: z.object({
      accepted_at: time,
      first_activity_at: time.optional(),
      closed_at: time,
      waited_ms: z.int().optional().openapi({ description: 'Paused, or waiting for a person; in no estimate.' }),
    }),
    plan_ref: z.string().optional(),
    corpus_ref: z.string().optional(),
  })
  .openapi('Result');

export const task = z
  .object({
    task_id: z.string(),
    status,
    waiting_for: z.enum(['person', 'worker', 'answer']).optional(),
    questions: z.array(question).optional().openapi({
      description: 'What sub-agents ask a person: POST …/answer. Words of a model: text, whatever they say.',
    }),
    proposal: proposal.optional().openapi({ description: 'The plan that waits: POST …/approve.' }),
    goal: z.string(),
    class: z.string().optional(),
    session_id: z.string().optional(),
    session: sessionView.optional(),
    agent_session_id: agentSession,
    schedule: z.string().optional().openapi({ description: 'Name of the schedule that started it.' }),
    route: route.optional(),
    created_at: time,
    closed_at: time.nullable().openapi({ description: 'What pollers test: null until the task has ended.' }),
    percent: z.int().min(0).max(100).openapi({ description: 'Never goes back, whichever gateway is asked.' }),
    stage: z.string().optional(),
    headings: z.array(z.string()).optional().openapi({ description: 'The outline of the answer.' }),
    last_event: z.int().optional().openapi({ description: 'Number of the last event that it counts in.' }),
    plan_ref: z.string().optional().openapi({ description: 'Hash of its plan; GET …/plan gives the plan.' }),
    reading: z.string().optional().openapi({ description: 'What is done to the documents just now.' }),
    ...estimate,
    estimated_time_left: z.int(),
    time_left: z
      .object({
        p10_ms: z.int(),
        p50_ms: z.int(),
        p90_ms: z.int(),
        basis: z.enum(['history', 'class']),
        rows: z.int(),
      })
      .optional()
      .openapi({
        description:
          'Nine of ten such tasks end within `p90_ms`; `rows` closed tasks say so, or the class itself. Absent where it stands still.',
      }),
    subtasks: z.array(subtask),
    step: z.object({ name: z.string(), model: z.string(), tokens: z.int(), seconds: z.int() }).optional(),
    findings: z
      .array(z.object({ id: z.string(), claim: z.string(), at: z.string() }))
      .openapi({ description: 'Found so far, in short form; empty once the result is there.' }),
    board: z
      .object({ items: z.int(), last: z.array(z.object({ id: z.string(), claim: z.string(), at: z.string() })) })
      .optional()
      .openapi({ description: 'What sub-agents have shown each other; the last 20 of it, oldest first.' }),
    conflicts: z
      .array(
        z.object({
          about: z.string(),
          sides: z.array(z.object({ source: z.string(), value: z.string() })),
          asks: z.string().optional(),
          holds: z.int().optional(),
        }),
      )
      .optional()
      .openapi({
        description:
          'What sources say differently: `asks` is the subtask that is asked which side holds, `holds` that side, from 0. The answer has them with their quotes.',
      }),
    draft: z.string().optional(),
    coverage: coverage.optional(),
    remarks: z.array(z.string()).optional(),
    usage: usage.optional(),
    money: money.optional(),
    note: z.string().optional(),
    background: background.optional(),
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
        schedule: z.string().optional(),
        created_at: time,
        closed_at: time.nullable(),
      }),
    ),
    next_cursor: z.string().nullable(),
  })
  .openapi('TaskList');

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

export const forgotten = z
  .object({
    task_id: z.string(),
    done: z.boolean().openapi({ description: 'False: it is recorded, and done when a worker comes to it.' }),
    already: z.boolean().openapi({ description: 'True when it was forgotten before.' }),
    removed: z.object({
      logs: z.int(),
      events: z.int(),
      uploads: z.int(),
      corpora: z.int(),
      blobs: z.int(),
      histories: z.array(z.string()),
    }),
    left: z.array(z.string()).openapi({ description: 'What stays, and why.' }),
  })
  .openapi('Forgotten');

const sessionSummary = {
  id: z.string(),
  tenant: z.string(),
  questions: z.int(),
  first_at: time,
  last_at: time,
  task_id: z.string().openapi({ description: 'The last question.' }),
};

export const sessionList = z.object({ sessions: z.array(z.object(sessionSummary)) }).openapi('SessionList');

export const session = z
  .object({
    ...sessionSummary,
    asked: z.array(
      z.object({
        n: z.int(),
        task_id: z.string(),
        at: time,
        goal: z.string().optional().openapi({ description: 'Absent when nothing of the task is kept any more.' }),
        resolved: z.string().optional(),
        outcome: z.enum(['completed', 'failed', 'cancelled']).optional(),
        sees: z.array(z.string()),
        open: z.array(z.string()).optional(),
      }),
    ),
  })
  .openapi('Session');

export const sessionForgotten = z
  .object({ session: z.string(), done: z.boolean(), tasks: z.array(forgotten) })
  .openapi('SessionForgotten');

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
