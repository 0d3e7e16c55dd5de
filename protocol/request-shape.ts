// request-shape.ts: whether what a Workflow was given is a request at all. Clients make no other; masters of one's own, and whoever
// starts a Workflow by hand, write theirs themselves. Judges only what every version of Muster has written.

type Fits = (value: unknown) => boolean;

const isText: Fits = (value) => typeof value === 'string';
const isNumber: Fits = (value) => typeof value === 'number';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf =
  (fits: Fits): Fits =>
  (value) =>
    Array.isArray(value) && value.every(fits);
const unless =
  (fits: Fits): Fits =>
  (value) =>
    value === undefined || fits(value);
const has =
  (fields: Readonly<Record<string, Fits>>): Fits =>
  (value) =>
    isObject(value) && Object.entries(fields).every(([name, fits]) => fits(value[name]));

const isSource: Fits = (value) =>
  has({ kind: (kind) => kind === 'path', path: isText })(value) ||
  has({ kind: (kind) => kind === 'url', url: isText })(value) ||
  has({ kind: (kind) => kind === 'blob', sha256: isText, name: isText })(value);

const hasKind = has({ kind: isText });
const isClass = has({
  name: isText,
  deadlineSeconds: isNumber,
  maxSubtasks: isNumber,
  subtask: has({ turns: isNumber, tokens: isNumber, seconds: isNumber }),
  join: hasKind,
});

/** Each field with what it must be, in words. */
const FIELDS: Readonly<Record<string, readonly [fits: Fits, words: string]>> = {
  goal: [isText, 'a text'],
  sources: [
    listOf(isSource),
    `a list of { kind: 'path', path }, { kind: 'url', url } and { kind: 'blob', sha256, name, bytes }`,
  ],
  class: [isClass, 'what defineClass gives'],
  tenant: [isText, 'a text'],
  join: [unless(hasKind), 'an object with a "kind"'],
  hedge: [unless(isObject), 'an object'],
  outputSchema: [unless(isObject), 'an object'],
  notify: [unless(listOf(hasKind)), 'a list of objects with a "kind"'],
  background: [unless(listOf(has({ goal: isText }))), 'a list of objects with a "goal"'],
};

/** Why this is no request, in words; undefined when it is one. Whether it can be accepted is for `requestProblem` to say. */
export function requestShapeProblem(request: unknown): string | undefined {
  if (!isObject(request))
    return 'there is no request: masterAgent takes { request: { v: 1, goal, sources, class, tenant } }';
  const wrong = Object.entries(FIELDS).filter(([name, [fits]]) => !fits(request[name]));
  if (wrong.length === 0) return undefined;
  return `the request is malformed: ${wrong.map(([name, [, words]]) => `${name} must be ${words}`).join('; ')}`;
}
