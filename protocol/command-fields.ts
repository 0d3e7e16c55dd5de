// command-fields.ts: which fields a command of each kind has, and what may stand in them: anybody may send one, and what is
// none must not fail the Workflow Task. Whether it makes sense is for task-commands.ts to say.

const isText = (value: unknown): boolean => typeof value === 'string';
const isAmount = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) <= MOST;

/** Of seconds, tokens, turns and dollars: far beyond any limit, and still a time that can be written. */
const MOST = 1e9;
/** Characters of a subtask's id. */
const MAX_ID_CHARS = 100;
const MAX_MODELS = 100;

const FIELDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  to: (value) => isText(value) && (value as string).length <= MAX_ID_CHARS,
  text: isText,
  goal: isText,
  title: isText,
  agent: isText,
  plan: isText,
  models: (value) => Array.isArray(value) && value.length <= MAX_MODELS && value.every(isText),
  turns: isAmount,
  tokens: isAmount,
  seconds: isAmount,
  costUsd: isAmount,
};

/** Fields without which a kind says nothing. */
const NEEDED: Readonly<Record<string, string>> = {
  note: 'text',
  add: 'goal',
  swapModel: 'models',
  approve: 'plan',
};

/** Whether each field that is there holds what it may, and the needed one is. */
export function hasCommandFields(command: Readonly<Record<string, unknown>> & { kind: string }): boolean {
  const needed = Object.hasOwn(NEEDED, command.kind) ? NEEDED[command.kind] : undefined;
  if (needed !== undefined && command[needed] === undefined) return false;
  return Object.entries(FIELDS).every(([name, fits]) => command[name] === undefined || fits(command[name]));
}
