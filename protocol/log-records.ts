// log-records.ts: the records of a sub-agent's log, as they lie in the store: the loop writes them, a trace is made of them. Old
// logs are read by new code: a record is never changed, new fields are optional, and the names of kinds and fields are permanent:
// `step`, for one, is the name of a turn (`turn-2`), and no step of the master.

import type { Ask } from './ask.ts';
import type { BoardItem } from './board.ts';
import type { Failure } from './failures.ts';
import type { Finding } from './findings.ts';
import type { Outcome } from './outcome.ts';
import type { SubAgentCommand } from './commands.ts';
import type { ModelReply } from './model-reply.ts';

export type LogRecord =
  /** An attempt began. */
  | { t: 'attempt'; at: number; worker: string }
  /**
   * A model call finished. `prompt` is the version of the words that asked, `cost` is in dollars; `noTools` says that it
   * was to call none.
   */
  | {
      t: 'model';
      step: string;
      reply: ModelReply;
      ms: number;
      at: number;
      prompt: string;
      model: string;
      cost?: number;
      noTools?: true;
    }
  /** The reply of this turn, from an earlier attempt, is about to be parsed and checked. Nothing after it: a death. */
  | { t: 'reads'; step: string; at: number }
  /** The reply of this turn did not pass and was asked for again: its tokens are waste. */
  | { t: 'refused'; step: string; problems: string[]; at: number }
  /** Tool calls are about to run. One that has no `tool` record later died with its process. */
  | { t: 'begins'; step: string; calls: { callId: string; name: string }[]; at: number }
  /** Tool calls were released by a worker that shut down: no death. The name is in stores and stays. */
  | { t: 'letGo'; step: string; calls: string[]; at: number }
  /** A tool call finished. `ref` is the blob of a result too long to show at once. */
  | {
      t: 'tool';
      step: string;
      callId: string;
      name: string;
      ok: boolean;
      content: string;
      ms: number;
      at: number;
      ref?: string;
      /** What the subtasks spent to which this call handed work. */
      spent?: { tokens: number; costUsd: number };
    }
  /** A tool call waits for a reply from outside, under this handle, until then at the latest. */
  | { t: 'waiting'; step: string; callId: string; name: string; handle: string; until: number; at: number; ask?: Ask }
  /** A tool call delegated work to subtasks: their plan, and the tokens and dollars that went with it. */
  | {
      t: 'delegated';
      step: string;
      callId: string;
      handle: string;
      planRef: string;
      count: number;
      tokens: number;
      costUsd?: number;
      at: number;
    }
  /** A model call failed, after so many signs of life; the provider asks to be left alone until then. */
  | {
      t: 'fault';
      step: string;
      failure: Failure;
      ms: number;
      at: number;
      model?: string;
      bytes?: number;
      until?: number;
      /** Tokens that it cost all the same; nothing of them reached an answer. */
      spent?: { inputTokens: number; outputTokens: number };
      /** The provider was known to be down, so nobody was asked: no try. */
      unmade?: true;
    }
  /** The visit itself failed, by a bug of a kind, a tool or ours. */
  | { t: 'threw'; message: string; at: number }
  /** A command that the sub-agent applied before this turn; `toAll`: one for all of its task. */
  | { t: 'command'; turn: number; command: SubAgentCommand; toAll?: true; at: number }
  /** What it was shown of the board before this turn; it has seen so many of the board's items by then. */
  | { t: 'board'; turn: number; seen: number; items: BoardItem[]; at: number }
  | { t: 'finding'; seq: number; finding: Finding }
  | { t: 'outcome'; outcome: Outcome };

export type RecordOf<T extends LogRecord['t']> = Extract<LogRecord, { t: T }>;
