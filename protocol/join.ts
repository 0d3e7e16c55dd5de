// join.ts: when a fan-out is enough. The policies' names are permanent; this version decides by `bestEffort` alone.

export type JoinPolicy =
  /** Wait for all until the class deadline, then answer from what is there if at least `min` subtasks are done. */
  | { kind: 'bestEffort'; min: number }
  | { kind: 'all' }
  | { kind: 'quorum'; k: number }
  | { kind: 'first' }
  | { kind: 'hedge'; afterMs: number };

/** Why this policy can't be asked for, in words; undefined when it can. */
export function joinProblem(join: JoinPolicy): string | undefined {
  return join.kind === 'bestEffort'
    ? undefined
    : `join policy "${join.kind}" is not available in this version; use bestEffort`;
}
