// commands.ts: what a person or a master may tell one sub-agent while it works. It reads them between its calls, in the
// order they were sent; each is in its log before it has an effect. `at` is the master's clock, as are the numbers of visits.

export type SubAgentCommand = { id: string; at: number } &
  /** Instructions from here on. */
  (
    | { kind: 'note'; text: string }
    /** Its visit ends before the next model call. A visit that its master sent later is past it. */
    | { kind: 'pause' }
    /** Takes back a pause that was not heard yet. */
    | { kind: 'resume' }
    /** More room, on top of what its limits allow; with more seconds its visit ends, for one with longer time-outs. */
    | { kind: 'extend'; turns?: number; tokens?: number; seconds?: number; costUsd?: number }
    /** These models from the next call on, first choice first. */
    | { kind: 'swapModel'; models: string[] }
    /** No more tools: answers with what is there. */
    | { kind: 'finish' }
  );

/** Whose list of commands: of one life of a subtask, or of all. */
export interface LogAddress {
  subtask: string;
  generation: number;
}

/** In a log key in place of a subtask: the one list of what all sub-agents of a task are told. A permanent name. */
export const TO_ALL = '_all';

/** Handle of a visit that ended since it was paused: no tool waits, and no time is set. A permanent name. */
export const RESUME = 'resume';

/** Handle of a visit that ended so that the next one has longer time-outs: it is sent at once. A permanent name. */
export const VISIT_AGAIN = 'visit-again';

/** Characters of a note. */
export const MAX_NOTE_CHARS = 4_000;

/** Why this command can't be sent, in words for the person who typed it; undefined when it can. */
export function commandProblem(command: SubAgentCommand): string | undefined {
  switch (command.kind) {
    case 'note':
      if (command.text.trim() === '') return 'the note is empty; say what the sub-agent should do';
      return command.text.length > MAX_NOTE_CHARS
        ? `the note has ${command.text.length} characters, at most ${MAX_NOTE_CHARS} are allowed`
        : undefined;
    case 'extend': {
      const { turns = 0, tokens = 0, seconds = 0, costUsd = 0 } = command;
      const all = [turns, tokens, seconds, costUsd];
      if (all.some((more) => !Number.isFinite(more) || more < 0)) return 'an extension only adds: use numbers from 0';
      return all.every((more) => more === 0) ? 'say what to extend: turns, tokens, seconds or costUsd' : undefined;
    }
    case 'swapModel':
      return command.models.length === 0 ? 'name at least one model to go on with' : undefined;
    case 'pause':
    case 'resume':
    case 'finish':
      return undefined;
    default:
      return unknownCommand(command satisfies never);
  }
}

/** Of a sender that is newer than this program. */
const unknownCommand = ({ kind }: { kind: string }): string => `this version of Muster knows no command "${kind}"`;
