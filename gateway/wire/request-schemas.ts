// request-schemas.ts: what goes into the API, once: requests are judged by these, and the OpenAPI document describes them. Fields are
// only ever added, and none that is not named here is taken.

import { z } from '@hono/zod-openapi';
import { MAX_SOURCES } from '../../protocol/limits.ts';
import { MAX_NOTIFY, NOTIFY_EVENTS } from '../../protocol/notify.ts';
import { MAX_ROUNDS } from '../../protocol/rounds.ts';
import { OVERLAPS, type Overlap } from '../../protocol/schedules.ts';
import { MAX_BACKGROUND } from '../../protocol/task.ts';

const label = z
  .string()
  .regex(/^[A-Za-z0-9._-]{1,64}$/, 'it may have 1 to 64 letters, digits, dots, underscores and dashes');

const count = z.int().min(1);

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

const events = z.array(z.enum(NOTIFY_EVENTS)).optional().openapi({ description: 'Default: however it ends.' });

export const newTask = z
  .strictObject({
    goal: z.string().min(1).openapi({ description: 'The question or goal, at most 32 KiB.' }),
    sources: z
      .array(source)
      .max(MAX_SOURCES)
      .openapi({ description: 'At least one; none only where it is to be answered at once, without sources.' }),
    class: label.optional().openapi({ description: 'Name of a request class. Default: standard.' }),
    path: z.enum(['auto', 'deep', 'fast']).optional().openapi({
      description:
        '`fast` answers at once, by one model call over what is indexed, and plans only what that does not answer; `deep` plans; `auto` lets the router choose. Default: as the class says, else deep.',
    }),
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
    webhook: z
      .strictObject({ url: z.string(), events, key: label.optional() })
      .optional()
      .openapi({ description: 'Short for one entry of notify.' }),
    notify: z
      .array(z.strictObject({ kind: label, to: z.string(), events, key: label.optional() }))
      .max(MAX_NOTIFY)
      .optional()
      .openapi({ description: 'Who is told of it. `key` names one of the config.' }),
    background: z
      .array(z.strictObject({ goal: z.string().min(1), title: z.string().optional(), kind: label.optional() }))
      .max(MAX_BACKGROUND)
      .optional()
      .openapi({ description: 'Subtasks that the answer does not wait for.' }),
    join: z
      .discriminatedUnion('kind', [
        z.strictObject({
          kind: z.literal('bestEffort'),
          min: count,
          deadline_seconds: z.number().positive().optional(),
        }),
        z.strictObject({ kind: z.literal('all') }),
        z.strictObject({ kind: z.literal('quorum'), k: count }),
        z.strictObject({ kind: z.literal('first') }),
      ])
      .optional()
      .openapi({ description: 'When the fan-out is enough. Default: as the class says.' }),
    hedge: z.strictObject({ after_ms: count.optional() }).optional().openapi({
      description:
        'A subtask that takes longer gets a second life beside its first. Default of `after_ms`: as 95 of 100 subtasks of the class took.',
    }),
    approve: z
      .boolean()
      .optional()
      .openapi({ description: 'The plan waits for a person. Default: as the class says.' }),
    ask_person: z
      .boolean()
      .optional()
      .openapi({ description: 'Sub-agents may ask a person. Default: as the class says.' }),
    board: z
      .boolean()
      .optional()
      .openapi({ description: 'Sub-agents may show each other findings while they work. Default: as the class says.' }),
    rounds: z.int().min(0).max(MAX_ROUNDS).optional().openapi({
      description: 'Further rounds at most, where what is found is not enough. Default: as the class says.',
    }),
  })
  .openapi('NewTask');

export const newSchedule = newTask
  .extend({
    name: label.optional().openapi({ description: 'Default: the first words of the goal.' }),
    cron: z.string().min(1).max(200).openapi({
      description: 'Minute, hour, day of the month, month, day of the week; where both days are named, both must fit.',
      example: '0 8 * * 1',
    }),
    timezone: z.string().max(64).optional().openapi({ description: 'Of the IANA database. Default: UTC.' }),
    overlap: z
      .enum(OVERLAPS as [Overlap, ...Overlap[]])
      .optional()
      .openapi({ description: 'When its time comes while an earlier run is at work. Default: skip.' }),
  })
  .openapi('NewSchedule');

export const cancelBody = z.strictObject({ reason: z.string().min(1).max(1_000).optional() }).openapi('Cancel');

export const emptyBody = z.strictObject({}).openapi('Empty');

export const redeliverBody = z
  .strictObject({
    ids: z.array(z.string().min(1).max(128)).min(1).max(100).optional().openapi({
      description: 'Of deliveries and background subtasks. Default: all that were given up or failed.',
    }),
  })
  .openapi('Redeliver');

export const replyBody = z
  .strictObject({
    handle: z
      .string()
      .min(1)
      .max(256)
      .optional()
      .openapi({ description: 'Of the tool call that waits. Default: the one question that is open.' }),
    content: z.unknown().openapi({ description: 'Text, or any JSON, for the model; at most 100 kB.' }),
    ok: z.boolean().optional().openapi({ description: 'False tells the model that the call failed. Default: true.' }),
  })
  .openapi('Reply');

export const ticketBody = z.strictObject({}).openapi('NewTicket');

export type NewTask = z.infer<typeof newTask>;
