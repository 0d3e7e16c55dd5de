// task.ts: what a user asks for. Validators return the sentence that refuses, so that library, CLI and Workflow
// refuse with the same words.

import type { RequestClass, TaskLimits } from './classes.ts';
import { joinOf, joinProblem, type Hedge, type JoinPolicy } from './join.ts';
import { MAX_NOTIFY, notifyProblem, type Notify } from './notify.ts';
import type { Path, Route } from './path.ts';
import { roundsOf, roundsProblem } from './rounds.ts';
import { MAX_FILE_NAME_CHARS, MAX_GOAL_BYTES, MAX_SOURCES, MAX_URL_CHARS } from './limits.ts';

/** Where evidence may come from. `path` is read on the worker, under its allowed roots. */
export type Source =
  | {
      kind: 'path';
      /** Absolute path of a file or folder. */
      path: string;
      /** Patterns (gitignore syntax, relative to the folder) of the files to take. Default: every readable file. */
      include?: string[];
      /** Patterns of the same syntax of what is left out of these. Default: nothing. */
      exclude?: string[];
    }
  /** A file that lies in the store, e.g. an upload; `name` is what citations call it. */
  | { kind: 'blob'; sha256: string; name: string; bytes: number }
  /** A page of the web, read on the worker through its guarded reader, where its options allow that. */
  | { kind: 'url'; url: string };

export interface TaskRequest {
  v: 1;
  /** The question or goal, at most 32 KiB. */
  goal: string;
  sources: Source[];
  /** The class's whole row, resolved by the client. Its name alone counts in the request's hash. */
  class: RequestClass;
  /** As the caller named them; the class's row has them already. */
  limits?: TaskLimits;
  /** `fast`: answered by one model call over what is indexed, and planned only where that is not enough. Default: `deep`. */
  path?: Path;
  /** The verdict that chose the path, where somebody named one or let it be chosen. Never part of the request's hash. */
  route?: Route;
  /** When the fan-out is enough. Default: as the class says. */
  join?: JoinPolicy;
  /** Slow subtasks get a second life. Default: as `join` or the class says. */
  hedge?: Hedge;
  /** JSON Schema of an object that the answer is to be handed back as, too; at most 32 KiB. */
  outputSchema?: Record<string, unknown>;
  sessionId?: string;
  tenant: string;
  /** Who is told of it; at most 10. */
  notify?: Notify[];
  /** Work that the answer does not wait for, done after the task closed; at most 20. */
  background?: BackgroundWork[];
  /** The plan waits until a person approves it. Default: as the class says. */
  approve?: boolean;
  /** Sub-agents may ask a person. Default: as the class says. */
  askPerson?: boolean;
  /** Sub-agents may show each other findings while they work. Default: as the class says. */
  board?: boolean;
  /** Further rounds at most, where what the plan's subtasks brought is not enough: 0, 1 or 2. Default: as the class says. */
  rounds?: number;
}

/** One subtask that the caller wants done behind the answer. */
export interface BackgroundWork {
  goal: string;
  title?: string;
  /** A kind of sub-agent. Default: the worker's default kind. */
  kind?: string;
}

/** Background subtasks that one request may name. */
export const MAX_BACKGROUND = 20;

/** Whether its plan waits until a person approves it. */
export const wantsApproval = ({ approve, class: row }: TaskRequest): boolean => approve ?? row.approve ?? false;

/** Whether its sub-agents may ask a person. */
export const mayAskPerson = ({ askPerson, class: row }: TaskRequest): boolean => askPerson ?? row.askPerson ?? false;

/** Whether its sub-agents have a board. */
export const wantsBoard = ({ board, class: row }: TaskRequest): boolean => board ?? row.board ?? false;

/** Why this goal can't be accepted, in words for the person who typed it; undefined when it can. */
export function goalProblem(goal: string): string | undefined {
  if (goal.trim() === '') return 'the goal is empty; say what you want to know';
  const bytes = utf8Length(goal);
  if (bytes > MAX_GOAL_BYTES) {
    return `the goal has ${bytes} bytes, at most ${MAX_GOAL_BYTES} are allowed; put long material into a file and name it with --docs`;
  }
  return undefined;
}

/** Why this source can't be accepted; undefined when it can. Whether it may be read is for the worker to say. */
export function sourceProblem(source: Source): string | undefined {
  if (source.kind === 'url') return urlProblem(source.url);
  if (source.kind === 'path') return undefined;
  if (!/^[0-9a-f]{64}$/.test(source.sha256))
    return 'a file of the store is named by its SHA-256, in 64 hexadecimal digits';
  return fileNameProblem(source.name);
}

/** Why this can't be the name of a file that somebody sends; undefined when it can. It is a name, and leads nowhere. */
export function fileNameProblem(name: string): string | undefined {
  const shown = JSON.stringify(name.slice(0, 80));
  if (name.length < 1 || name.length > MAX_FILE_NAME_CHARS)
    return `the file's name ${shown} has ${name.length} characters; it may have 1 to ${MAX_FILE_NAME_CHARS}`;
  const odd = /[/\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
  if (odd.test(name)) return `the file's name ${shown} has a slash or a character in it that can't be seen`;
  return name.startsWith('.') ? `the file's name ${shown} begins with a dot` : undefined;
}

/** True for what is meant as an address of the web where a path could stand too. */
export function isAddress(named: string): boolean {
  return /^https?:\/\//i.test(named);
}

/** Why this address can't be a source; undefined when it can. Only its writing is judged: the sandbox has no URL. */
export function urlProblem(url: string): string | undefined {
  const shown = url.slice(0, 80).replace(/\/\/[^/]*@/, '//…@');
  if (url.length > MAX_URL_CHARS) return `the address ${shown}… has more than ${MAX_URL_CHARS} characters`;
  if (!/^https?:\/\/[^\s/?#]+(?:[/?#]\S*)?$/i.test(url)) return `"${shown}" is not an http or https address`;
  if (/^https?:\/\/[^/?#]*@/i.test(url)) {
    return `the address ${shown} has a user name or password in it, which would be kept with the task; leave it out`;
  }
  return undefined;
}

const NO_SOURCE = 'there is no source; name a file or folder to answer from (--docs)';

/** Why this request can't be accepted; undefined when it can. */
export function requestProblem(request: TaskRequest): string | undefined {
  if (request.v !== 1) return `request version ${String(request.v)} is not known to this version of Muster`;
  if (request.sources.length === 0 && request.path !== 'fast') return NO_SOURCE;
  if (request.sources.length === 0 && request.class.uncited === false)
    return `tasks of class ${request.class.name} are answered from documents alone; ${NO_SOURCE}`;
  if (request.sources.length > MAX_SOURCES) {
    return `${request.sources.length} sources are named, at most ${MAX_SOURCES} are allowed; name their common folder`;
  }
  for (const source of request.sources) {
    const problem = sourceProblem(source);
    if (problem) return problem;
  }
  return (
    fastProblem(request) ??
    goalProblem(request.goal) ??
    joinProblem(joinOf(request), request.class) ??
    roundsProblem(roundsOf(request)) ??
    afterwardsProblem(request)
  );
}

/** What one call can't do. */
function fastProblem({ path, outputSchema, approve, join, hedge, rounds = 0 }: TaskRequest): string | undefined {
  if (path !== 'fast') return undefined;
  if (outputSchema) return 'an answer at once fits no schema; leave one of the two out';
  if (join ?? hedge) return 'an answer at once has no subtasks to join; leave one of the two out';
  if (rounds > 0) return 'an answer at once has no rounds; leave one of the two out';
  return approve ? 'an answer at once has no plan to approve; leave one of the two out' : undefined;
}

/** Whether something is asked for behind the answer. */
export const asksForBackground = ({ notify = [], background = [] }: TaskRequest): boolean =>
  notify.length > 0 || background.length > 0;

/** What is asked for beside the answer. */
function afterwardsProblem({ notify = [], background = [] }: TaskRequest): string | undefined {
  if (notify.length > MAX_NOTIFY)
    return `${notify.length} notifications are asked for, at most ${MAX_NOTIFY} are allowed`;
  if (background.length > MAX_BACKGROUND)
    return `${background.length} background subtasks are asked for, at most ${MAX_BACKGROUND} are allowed`;
  for (const one of notify) {
    const problem = notifyProblem(one);
    if (problem) return problem;
  }
  for (const { goal } of background) {
    const problem = goalProblem(goal);
    if (problem) return `a background subtask can't be accepted: ${problem}`;
  }
  return undefined;
}

/** Length in UTF-8 bytes, without TextEncoder or Buffer: the Workflow sandbox has neither typed. */
function utf8Length(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** What a task waits for that is `waiting`: a person, a reply from outside, or a worker. */
export type WaitingFor = 'person' | 'answer' | 'worker';

/** States of a task as people see them. */
export type TaskState = 'queued' | 'running' | 'waiting' | 'paused' | 'completed' | 'failed' | 'cancelled';
