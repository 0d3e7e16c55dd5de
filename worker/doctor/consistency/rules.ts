// rules.ts: what must agree of a closed task, a rule for each. A rule says what differs, in sentences; nothing where all is well.

import { modelCallsIn } from './calls.ts';
import type { Facts } from './facts.ts';
import { SEARCH_ATTRIBUTES } from '../../../protocol/names.ts';
import { resultDigest, type TaskResult } from '../../../protocol/result.ts';
import { canonicalJson } from '../../../protocol/schemas/hash.ts';
import { stepLogs } from '../../../protocol/step-logs.ts';
import type { Store } from '../../../store/store.ts';
import { missingTexts } from './texts.ts';

export interface Rule {
  /** What is held against the rest: stands before each difference. */
  what: string;
  differences(facts: Facts, store: Store): Promise<string[]> | string[];
}

/** What a task that closed by itself has in the store before it closes. */
const CLOSED_BY_ITSELF = ['completed', 'failed', 'cancelled'];
/** What a result says that nothing changes after it was put. */
const SAME: readonly (keyof TaskResult)[] = [
  'taskId',
  'run',
  'outcome',
  'answer',
  'answerRef',
  'data',
  'dataRef',
  'coverage',
  'failure',
  'planRef',
  'corpusRef',
  'usage',
];

const result: Rule = {
  what: 'result',
  differences({ result: stored, kept }) {
    const ending = kept?.ending ?? '';
    if (!stored) return CLOSED_BY_ITSELF.includes(ending) ? [`the store has none, and the task is ${ending}`] : [];
    const { returned, digest, firstRun } = kept ?? {};
    const other = returned ? SAME.filter((field) => !isSame(stored[field], returned[field])) : [];
    return [
      ...(CLOSED_BY_ITSELF.includes(ending) && stored.outcome !== ending
        ? [`the store says ${stored.outcome}, and Temporal ${ending}`]
        : []),
      ...(firstRun !== undefined && stored.run !== firstRun ? [`it is of the run ${stored.run}, not ${firstRun}`] : []),
      ...other.map((field) => `${field} in the store is not what the Workflow returned`),
      ...(digest && !isSame(digest, resultDigest(stored)) ? ['its digest in the memo is of another one'] : []),
    ];
  },
};

const events: Rule = {
  what: 'events',
  differences({ events: all, result: stored, kept }) {
    if (!kept?.ending || !CLOSED_BY_ITSELF.includes(kept.ending)) return [];
    const own = all.filter(({ run }) => run === kept.run).sort((a, b) => a.n - b.n);
    const missing = own.flatMap(({ n }, at) => {
      const before = own[at - 1]?.n ?? 0;
      return n === before + 1
        ? []
        : [n === before + 2 ? `number ${n - 1} is missing` : `${before + 1} to ${n - 1} are missing`];
    });
    const last = own.at(-1);
    const ready = own.findLast(({ type }) => type === 'answer.ready');
    const finished = own.flatMap((event) =>
      event.type === 'subtask.finished' && event.state === 'done' ? event.subtask : [],
    );
    const done = new Set(finished).size;
    return [
      ...missing,
      ...(last?.type === 'task.closed' ? [] : ['the last one, task.closed, is missing']),
      ...(last?.type === 'task.closed' && last.outcome !== kept.ending
        ? [`the last one says ${last.outcome}, and Temporal ${kept.ending}`]
        : []),
      ...(ready?.type === 'answer.ready' && stored?.answer && ready.citations !== stored.answer.citations.length
        ? [`answer.ready has ${ready.citations} citations, and the result ${stored.answer.citations.length}`]
        : []),
      ...(stored && done > stored.coverage.done
        ? [`${done} subtasks were told as done, and the result counts ${stored.coverage.done}`]
        : []),
    ];
  },
};

const logs: Rule = {
  what: 'logs',
  async differences({ events: all, result: stored, kept }, store) {
    if (!stored || !kept?.ending || !CLOSED_BY_ITSELF.includes(kept.ending)) return [];
    const found: string[] = [];
    let calls = 0;
    const lives = new Map(
      all.flatMap((event) =>
        event.type === 'subtask.started' || event.type === 'subtask.finished'
          ? [[`${event.subtask}/g${event.generation}`, event] as const]
          : [],
      ),
    );
    for (const [name, { subtask, generation }] of lives) {
      const inLog = await modelCallsIn(store, { run: stored.run, subtask, generation });
      calls += inLog;
      const end = all.find(
        (event) => event.type === 'subtask.finished' && event.subtask === subtask && event.generation === generation,
      );
      if (end?.type === 'subtask.finished' && end.state === 'done' && inLog < end.usage.modelCalls)
        found.push(`${name} has ${inLog} model calls in its log, and told of ${end.usage.modelCalls}`);
    }
    for (const log of stepLogs(all)) calls += await modelCallsIn(store, { run: stored.run, ...log });
    return calls < stored.usage.modelCalls
      ? [...found, `all of them have ${calls} model calls, and the result counts ${stored.usage.modelCalls}`]
      : found;
  },
};

const texts: Rule = {
  what: 'texts',
  differences: async ({ result: stored }, store) => (stored ? await missingTexts(stored, store) : []),
};

const attributes: Rule = {
  what: 'search attributes',
  differences({ kept, head }) {
    if (!kept?.ending) return [];
    const { attributes: said, ending } = kept;
    const wanted: [string, string | undefined][] = [
      [SEARCH_ATTRIBUTES.class, head?.className],
      [SEARCH_ATTRIBUTES.tenant, head?.tenant],
      [SEARCH_ATTRIBUTES.state, CLOSED_BY_ITSELF.includes(ending) ? ending : undefined],
    ];
    // Where none is registered all are missing; the check of that name says so.
    if (Object.values(said).every((value) => value === undefined)) return [];
    return wanted.flatMap(([name, value]) =>
      value === undefined || said[name] === value
        ? []
        : [`${name} is ${said[name] ?? 'not set'}, and should be ${value}`],
    );
  },
};

const background: Rule = {
  what: 'background',
  differences({ kept, background: child }) {
    if (!kept?.ending || !CLOSED_BY_ITSELF.includes(kept.ending)) return [];
    if (!child.kept)
      return kept.hasBackground && !child.result ? ['it was asked for, and its Workflow is nowhere'] : [];
    if (child.kept.ending !== 'completed' && child.kept.ending !== 'cancelled') return [];
    // One that went on in another run says its events under the first one.
    const { run: own, firstRun } = child.kept;
    const last = child.events.findLast(({ run }) => run === own || run === firstRun);
    return [
      ...(child.result ? [] : [`it is ${child.kept.ending}, and the store has no result of it`]),
      ...(last?.type === 'background.settled' ? [] : ['its last event, background.settled, is missing']),
    ];
  },
};

export const RULES: readonly Rule[] = [result, events, logs, texts, attributes, background];

const isSame = (a: unknown, b: unknown): boolean => canonicalJson(a ?? null) === canonicalJson(b ?? null);
