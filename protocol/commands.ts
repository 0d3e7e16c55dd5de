// commands.ts: what a person or a master may tell one sub-agent while it works. It reads them between its calls, in the
// order they were sent; each is in its log before it has an effect.

export type SubAgentCommand = { id: string; at: number } &
  /** Instructions from here on. */
  (
    | { kind: 'note'; text: string }
    /** Pauses before its next model call, and spends nothing, until `resume` or `finish`. */
    | { kind: 'pause' }
    | { kind: 'resume' }
    /** More room, on top of what its limits allow. */
    | { kind: 'extend'; turns?: number; tokens?: number; seconds?: number; costUsd?: number }
    /** These models from the next call on, first choice first. */
    | { kind: 'swapModel'; models: string[] }
    /** No more tools: answers with what is there. */
    | { kind: 'finish' }
  );

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
