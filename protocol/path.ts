// path.ts: the two ways that a task can go, and the verdict that chose one: a word of the request, the status, the trace and the
// class history. Who decides is route.ts.

export type Path = 'fast' | 'deep';

/** A caller's or a class's word: `auto` lets the router choose. */
export type PathWord = 'auto' | Path;

/** What a verdict rests on. */
export type RoutedBy =
  /** The caller named the path. */
  | 'caller'
  /** The class does, or what it promises is no matter of one call. */
  | 'class'
  /** Part of the request needs a plan, or there is nothing to plan over. */
  | 'request'
  /** The documents have to be read first. */
  | 'documents'
  /** What the question seems to need. */
  | 'question'
  /** Nobody could answer at once just now. */
  | 'workers'
  /** What such answers took lately. */
  | 'time'
  /** One call seems enough, and it fits. */
  | 'fits';

/** A verdict of the router: made once, before the start, and kept with the task. */
export interface Route {
  path: Path;
  /** What the caller said; absent where it said nothing. With the rest of the request it makes the hash, and the verdict does not. */
  asked?: PathWord;
  by: RoutedBy;
  /** One sentence for people. */
  why: string;
  /** Of an answer at once, for who did not ask for a stream: whether it is worth one. */
  given?: 'whole' | 'streamed';
  /** What it rests on, by name: ms where it ends in `Ms`. */
  numbers: Readonly<Record<string, number>>;
  /** The classifier that judged the question, where it was not the rules. */
  router?: string;
}

/**
 * Why what was to be answered at once was not. `budget`: no answer within the time of the fast path; its call goes on. `not enough`: one
 * call does not answer it, so it is planned. `busy`: it would not be ready in time now, so nothing of it was begun, and it is planned.
 */
export type Demotion = 'budget' | 'not enough' | 'busy';
