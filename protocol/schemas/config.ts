// config.ts: the config file that MUSTER_CONFIG names, as worker and client read it. Unknown keys are errors.

import { z } from 'zod';
import { BUILT_IN_CLASSES, type RequestClass } from '../classes.ts';

const limits = z.strictObject({
  turns: z.int().min(2).max(200),
  tokens: z.int().min(1_000),
  seconds: z.number().positive(),
  callIdleSeconds: z.number().positive(),
});

const ownClass = z.strictObject({
  /** Built-in class whose values hold where this one is silent. */
  extends: z.enum(['quick', 'standard', 'thorough']).default('standard'),
  slo: z.strictObject({ p95Seconds: z.number().positive(), owner: z.string() }).optional(),
  fastBudgetMs: z.int().positive().optional(),
  deadlineSeconds: z.number().positive().optional(),
  maxSubtasks: z.int().min(1).max(500).optional(),
  subtask: limits.partial().optional(),
  priority: z.int().min(1).max(5).optional(),
  minDone: z.int().min(1).optional(),
  retentionDays: z.int().min(1).max(365).optional(),
});

export const configFile = z.strictObject({
  /** Folders that the worker may read, absolute or relative to the file. */
  roots: z.array(z.string()).default([]),
  classes: z.record(z.string().regex(/^[a-z][a-z0-9-]{0,40}$/), ownClass).default({}),
});

export type ConfigFile = z.infer<typeof configFile>;

/** Every problem of a config file, in words; or its values. */
export function readConfigFile(value: unknown): { config: ConfigFile } | { problems: string[] } {
  const judged = configFile.safeParse(value);
  if (judged.success) return { config: judged.data };
  return { problems: judged.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`) };
}

/** The built-in classes and the file's own, each with its whole row. */
export function classTable(config: ConfigFile): Map<string, RequestClass> {
  const table = new Map<string, RequestClass>(Object.entries(BUILT_IN_CLASSES));
  for (const [name, own] of Object.entries(config.classes)) {
    const { extends: base, minDone, subtask, ...rest } = own;
    const from = BUILT_IN_CLASSES[base];
    const set = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
    const kept = Object.fromEntries(Object.entries(subtask ?? {}).filter(([, value]) => value !== undefined));
    table.set(name, {
      ...from,
      ...set,
      name,
      subtask: { ...from.subtask, ...kept },
      join: minDone === undefined ? from.join : { kind: 'bestEffort', min: minDone },
    });
  }
  return table;
}
