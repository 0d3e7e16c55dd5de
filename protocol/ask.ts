// ask.ts: a question that a sub-agent puts to a person, and what counts as a reply. The question is the model's: whatever it
// says is shown as text.

import { plainText } from './plain-text.ts';

export interface Ask {
  question: string;
  /** What may be replied; anything when absent. */
  choices?: string[];
  /** What is taken when nobody replies in time; nothing when absent. */
  default?: string;
}

/** A question that nobody has replied to. */
export interface OpenQuestion extends Ask {
  subtask: string;
  generation: number;
  /** Where the reply is sent to. */
  handle: string;
  /** Until then, ms since the epoch. */
  until: number;
}

export const MAX_QUESTION_CHARS = 2_000;
export const MAX_CHOICES = 10;
export const MAX_CHOICE_CHARS = 200;
/** Seconds that a question may wait for its reply. */
export const ASK_SECONDS = { usual: 86_400, most: 7 * 86_400 } as const;

/** The question as text that can be shown, within its bounds; undefined for what is none. */
export function askOf(payload: unknown): Ask | undefined {
  const one = (payload ?? {}) as { [K in keyof Ask]?: unknown };
  const question = typeof one.question === 'string' ? plainText(one.question, MAX_QUESTION_CHARS) : '';
  if (question === '') return undefined;
  const choices = (Array.isArray(one.choices) ? (one.choices as unknown[]) : [])
    .flatMap((choice) => (typeof choice === 'string' ? [plainText(choice, MAX_CHOICE_CHARS)] : []))
    .filter((choice, at, all) => choice !== '' && all.indexOf(choice) === at)
    .slice(0, MAX_CHOICES);
  const otherwise = typeof one.default === 'string' ? plainText(one.default, MAX_QUESTION_CHARS) : '';
  return {
    question,
    ...(choices.length > 0 ? { choices } : {}),
    ...(otherwise === '' ? {} : { default: otherwise }),
  };
}

/** Why this is no question to be asked, in words for the model; undefined when it can be. */
export function askProblem({ choices = [], default: otherwise }: Ask): string | undefined {
  if (choices.length === 1) return 'a choice of one is none: give two or more, or leave them out';
  if (otherwise !== undefined && choices.length > 0 && !choices.includes(otherwise))
    return 'the default must be one of the choices';
  return undefined;
}

/** The reply as it is handed to the model; undefined when it is none of the choices. Case and outer spaces do not count. */
export function replyTo({ choices }: Ask, content: string): string | undefined {
  if (!choices) return content;
  const said = content.trim().toLowerCase();
  return choices.find((choice) => choice.toLowerCase() === said);
}

/** Why this reply is refused, in words for the person who typed it; undefined when it fits. */
export function replyProblem(ask: Ask, content: string): string | undefined {
  if (replyTo(ask, content) !== undefined) return undefined;
  return `“${plainText(content, 80)}” is none of the choices: ${(ask.choices ?? []).map((one) => `“${one}”`).join(', ')}`;
}
