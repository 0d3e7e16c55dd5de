// quirks.ts: a reply as badly put on the wire as servers do it: how its calls are named and numbered, how its text is wrapped,
// how it is cut into pieces. Pure: gives frames, sends nothing.

export interface Call {
  id: string;
  name: string;
  /** An object as JSON. */
  args: string;
}

export interface CallQuirks {
  ids: 'own' | 'missing' | 'empty' | 'null' | 'same' | 'every-part' | 'number';
  indexes: 'right' | 'zero' | 'missing' | 'null' | 'text' | 'far' | 'from-one';
  names: 'once' | 'every-part' | 'pieces' | 'late' | 'behind-a-mark' | 'in-a-namespace' | 'other-case';
  args: 'whole' | 'pieces' | 'grown' | 'object' | 'quoted' | 'again' | 'behind-an-empty-one';
  /** All calls in one event, each whole. */
  together: boolean;
}

const cut = (text: string, size: number): string[] => text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];

const named = (name: string, how: CallQuirks['names']): string =>
  ({
    'behind-a-mark': `${name}<|channel|>commentary`,
    'in-a-namespace': `functions.${name}:0`,
    'other-case': name.toUpperCase(),
  })[how as string] ?? name;

/** The calls as the `tool_calls` of deltas, an array an event. */
export function callDeltas(calls: readonly Call[], how: CallQuirks, size: number): object[][] {
  const events = calls.map((call, at) => partsOf(call, at, how, size));
  return how.together ? [events.flat()] : events.flat().map((part) => [part]);
}

function partsOf({ id, name, args }: Call, at: number, how: CallQuirks, size: number): object[] {
  const bodies = argumentParts(
    args,
    how.together && how.args !== 'object' && how.args !== 'quoted' ? 'whole' : how.args,
    size,
  );
  const names = nameParts(name, how, bodies.length, size);
  // A name in pieces is whole before its arguments come.
  if (how.names === 'pieces' && !how.together) bodies.unshift(...names.map(() => undefined));
  const length = how.together ? 1 : Math.max(bodies.length, names.length);
  return Array.from({ length }, (_one, part) => ({
    ...index(at, how.indexes),
    ...idOf(id, at, part, how.ids),
    ...(part === 0 ? { type: 'function' } : {}),
    function: {
      ...(names[part] === undefined ? {} : { name: names[part] }),
      ...(bodies[part] === undefined ? {} : { arguments: bodies[part] }),
    },
  }));
}

function nameParts(name: string, how: CallQuirks, parts: number, size: number): (string | undefined)[] {
  const shown = named(name, how.names);
  if (how.together) return [shown];
  if (how.names === 'every-part') return Array.from({ length: parts }, () => name);
  if (how.names === 'late') return parts > 1 ? [undefined, name] : [name];
  return how.names === 'pieces' ? cut(name, Math.max(3, size)) : [shown];
}

function argumentParts(args: string, how: CallQuirks['args'], size: number): unknown[] {
  const pieces = cut(args, size);
  if (how === 'pieces') return ['', ...pieces];
  if (how === 'grown') return pieces.map((_one, at) => pieces.slice(0, at + 1).join(''));
  if (how === 'object') return [JSON.parse(args)];
  if (how === 'quoted') return [JSON.stringify(args)];
  if (how === 'again') return [args, args];
  return how === 'behind-an-empty-one' ? ['{}', args] : [args];
}

function index(at: number, how: CallQuirks['indexes']): object {
  if (how === 'missing') return {};
  const value = { right: at, zero: 0, null: null, text: String(at), far: at * 40_000 + 7, 'from-one': at + 1 }[how];
  return { index: value };
}

function idOf(id: string, at: number, part: number, how: CallQuirks['ids']): object {
  if (how === 'missing') return {};
  if (how === 'empty') return { id: '' };
  if (how === 'null') return { id: null };
  if (part > 0 && how !== 'every-part') return {};
  return { id: how === 'same' ? 'call_0' : how === 'number' ? at : id };
}

export const TEXTS = {
  plain: (json: string) => json,
  fenced: (json: string) => `Here it is:\n\n\`\`\`json\n${json}\n\`\`\`\nThat is all.`,
  'in a fence of its own line': (json: string) => `\`\`\`\n${json}\n\`\`\``,
  'among words on one line': (json: string) => `Sure, {the answer} is ${json} as asked.`,
  'behind a think block on its line': (json: string) => `<think>I look at {"n": 1}.</think>${json}`,
  'behind a draft in a think block': (json: string, draft: string) =>
    `<think>\nFirst:\n\`\`\`json\n${draft}\n\`\`\`\nNo.\n</think>\n\n${json}`,
  'behind thinking that the prompt opened': (json: string, draft: string) => `So ${draft}? No.\n</think>\n${json}`,
  'behind a think block that speaks of one': (json: string, draft: string) =>
    `<think>A <think> tag, ${draft}</think>${json}`,
  'behind a block with a namespace': (json: string, draft: string) => `<seed:think>${draft}</seed:think>\n${json}`,
  'behind square marks': (json: string, draft: string) => `[THINK]${draft}[/THINK]${json}`,
  'behind long marks': (json: string, draft: string) =>
    `<|START_THINKING|>${draft}<|END_THINKING|><|START_RESPONSE|>${json}<|END_RESPONSE|>`,
  'behind marks of another script': (json: string, draft: string) => `◁think▷${draft}◁/think▷${json}`,
  'behind a draft among words': (json: string, draft: string) => `My first idea: ${draft}\nBetter:\n${json}`,
  'in a final channel': (json: string, draft: string) =>
    `<|channel|>analysis<|message|>${draft}<|end|><|start|>assistant<|channel|>final<|message|>${json}<|return|>`,
  'behind a channel that is closed': (json: string, draft: string) => `<|channel>thought\n${draft}<channel|>${json}`,
  'behind channels without their marks': (json: string, draft: string) => `analysis${draft}assistantfinal${json}`,
  quoted: (json: string) => JSON.stringify(json),
  'in a list of one': (json: string) => `[${json}]`,
  'in a property': (json: string) => `{"answer": ${json}}`,
  'quoted in a property': (json: string) => `{"answer": ${JSON.stringify(json)}}`,
  'with an end mark': (json: string) => `${json}<|im_end|>`,
  'with a comma too many': (json: string) => json.replace(/\}$/, ',}'),
} satisfies Record<string, (json: string, draft: string) => string>;

/** Tool calls as the dialects write them into the text. */
export const CALLS_AS_TEXT = {
  tagged: (calls: readonly Call[]) =>
    calls.map(({ name, args }) => `<tool_call>\n{"name": "${name}", "arguments": ${args}}\n</tool_call>`).join('\n'),
  'behind words': (calls: readonly Call[]) =>
    `I search first.\n${calls.map(({ name, args }) => `<tool_call>{"name": "${name}", "arguments": ${args}}</tool_call>`).join('')}`,
  'in a list behind a mark': (calls: readonly Call[]) =>
    `[TOOL_CALLS][${calls.map(({ name, args }) => `{"name": "${name}", "arguments": ${args}}`).join(', ')}]`,
  'a name behind a mark': (calls: readonly Call[]) =>
    calls.map(({ name, args }) => `[TOOL_CALLS]${name}[ARGS]${args}`).join(''),
  'behind a language tag': (calls: readonly Call[]) =>
    `<|python_tag|>${calls.map(({ name, args }) => `{"name": "${name}", "parameters": ${args}}`).join('; ')}`.replace(
      /; /g,
      '\n',
    ),
  bare: (calls: readonly Call[]) =>
    calls.map(({ name, args }) => `{"name": "${name}", "parameters": ${args}}`).join('\n'),
  fenced: (calls: readonly Call[]) =>
    calls.map(({ name, args }) => `\`\`\`json\n{"name": "${name}", "arguments": ${args}}\n\`\`\``).join('\n'),
  'as a function tag': (calls: readonly Call[]) =>
    calls.map(({ name, args }) => `<function=${name}>${args}</function>`).join('\n'),
  'with parameters in tags': (calls: readonly Call[]) =>
    calls
      .map(({ name, args }) => {
        const given = Object.entries(JSON.parse(args) as object)
          .map(
            ([key, value]) =>
              `<parameter=${key}>\n${typeof value === 'string' ? value : JSON.stringify(value)}\n</parameter>`,
          )
          .join('\n');
        return `<tool_call>\n<function=${name}>\n${given}\n</function>\n</tool_call>`;
      })
      .join('\n'),
  invoked: (calls: readonly Call[]) =>
    `<function_calls>${calls
      .map(({ name, args }) => {
        const given = Object.entries(JSON.parse(args) as object)
          .map(
            ([key, value]) =>
              `<parameter name="${key}">${typeof value === 'string' ? value : JSON.stringify(value)}</parameter>`,
          )
          .join('');
        return `<invoke name="${name}">${given}</invoke>`;
      })
      .join('')}</function_calls>`,
  'in a channel': (calls: readonly Call[]) =>
    `<|channel|>analysis<|message|>I call {"name": "it"}.<|end|>${calls
      .map(
        ({ name, args }) =>
          `<|start|>assistant<|channel|>commentary to=functions.${name} <|constrain|>json<|message|>${args}<|call|>`,
      )
      .join('')}`,
  'between wide bars': (calls: readonly Call[]) =>
    `<｜tool▁calls▁begin｜>${calls
      .map(
        ({ name, args }) =>
          `<｜tool▁call▁begin｜>function<｜tool▁sep｜>${name}\n\`\`\`json\n${args}\n\`\`\`<｜tool▁call▁end｜>`,
      )
      .join('\n')}<｜tool▁calls▁end｜>`,
  'in a section': (calls: readonly Call[]) =>
    `<|tool_calls_section_begin|>${calls
      .map(
        ({ name, args }, at) =>
          `<|tool_call_begin|>functions.${name}:${at}<|tool_call_argument_begin|>${args}<|tool_call_end|>`,
      )
      .join('')}<|tool_calls_section_end|>`,
  'as Python': (calls: readonly Call[]) => `[${calls.map(asPython).join(', ')}]`,
  'as Python in a block': (calls: readonly Call[]) =>
    `I search.\n\`\`\`tool_code\n${calls.map((call) => `print(default_api.${asPython(call)})`).join('\n')}\n\`\`\``,
  'as Python behind a mark': (calls: readonly Call[]) =>
    `<|python_start|>[${calls.map(asPython).join(', ')}]<|python_end|>`,
} satisfies Record<string, (calls: readonly Call[]) => string>;

function asPython({ name, args }: Call): string {
  const given = Object.entries(JSON.parse(args) as object).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${name}(${given.join(', ')})`;
}

/** Bytes cut anywhere, also within a character. */
export function cutBytes(text: string, size: number): Uint8Array[] {
  const bytes = new TextEncoder().encode(text);
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_one, at) => bytes.slice(at * size, (at + 1) * size));
}
