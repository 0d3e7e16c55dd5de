// What servers don't take of a request, in whatever words and by whatever status they refuse it: the call goes on without it,
// the next one does not ask again, and the log says so once.

import {
  answer,
  APIS,
  asking,
  formOf,
  FULL,
  hasTools,
  isStrict,
  messagesOf,
  nested,
  oddServer,
  PLAIN,
  refuse,
} from './odd-server.ts';
import type { Api, AskedBody, OddServer } from './odd-server.ts';

let server: OddServer;
afterEach(() => server.close());

interface Oddity {
  /** What the server does not take. */
  refuses: (body: AskedBody) => boolean;
  status: number;
  body: unknown;
  apis?: readonly Api[];
  /** Calls that a first question costs beyond one. */
  more?: number;
}

const flat = (message: string) => ({ object: 'error', message, type: 'BadRequestError', param: null, code: 400 });
const hasForm = (body: AskedBody): boolean => formOf(body) !== 'words';

const NAMED: Record<string, Oddity> = {
  'usage in streams': {
    refuses: ({ stream_options: given }) => given !== undefined,
    status: 422,
    body: {
      detail: [{ type: 'extra_forbidden', loc: ['body', 'stream_options'], msg: 'Extra inputs are not permitted' }],
    },
    apis: ['chat'],
  },
  'a JSON schema': {
    refuses: (body) => formOf(body) === 'json_schema',
    status: 400,
    body: flat('response_format.type must be one of text, json_object'),
  },
  'any response format, told as plain text': {
    refuses: hasForm,
    status: 415,
    body: 'This deployment has no structured output.',
    more: 2,
  },
  'a response format beside tools': {
    refuses: (body) => hasForm(body) && hasTools(body),
    status: 400,
    body: [
      {
        error: {
          code: 400,
          message: "Function calling with a response mime type: 'application/json' is unsupported",
          status: 'INVALID_ARGUMENT',
        },
      },
    ],
  },
  'a tool choice': {
    refuses: ({ tool_choice: choice }) => choice !== undefined,
    status: 501,
    body: nested('tool_choice is not implemented'),
  },
  'strict schemas': {
    refuses: isStrict,
    status: 400,
    body: nested('Unknown field: strict'),
  },
  'tools at all': {
    refuses: hasTools,
    status: 404,
    body: nested('No endpoints found that support tool use.'),
  },
  'the newer name of the bound': {
    refuses: ({ max_completion_tokens: bound }) => bound !== undefined,
    status: 400,
    body: nested('Unrecognized request argument supplied: max_completion_tokens'),
    apis: ['chat'],
  },
  'the older name of the bound either': {
    refuses: ({ max_completion_tokens: newer, max_tokens: older }) => (newer ?? older) !== undefined,
    status: 400,
    body: nested("Unsupported parameter: max tokens can't be set, neither max_tokens nor max_completion_tokens"),
    apis: ['chat'],
    more: 2,
  },
  'words of the system': {
    refuses: (body) => messagesOf(body).some(({ role }) => role === 'system'),
    status: 500,
    body: { error: 'Jinja Exception: System role not supported' },
  },
  'being asked for reasoning that can go back': {
    refuses: ({ include }) => include !== undefined,
    status: 400,
    body: nested('Encrypted content is not supported with this model.'),
    apis: ['responses'],
  },
  'being told to keep nothing': {
    refuses: ({ store }) => store !== undefined,
    status: 400,
    body: nested("Unknown parameter: 'store'."),
    apis: ['responses'],
  },
};

const cases = (table: Record<string, Oddity>) =>
  Object.entries(table).flatMap(([name, { apis = APIS, ...oddity }]) =>
    apis.map((api) => ({ name, api, apis, ...oddity })),
  );

test.each(cases(NAMED))(
  'through $api, a server that refuses $name by $status, naming it, is asked with less, and once only',
  async ({ api, refuses, status, body, more = 1 }) => {
    server = await oddServer(({ body: asked, response }) =>
      refuses(asked) ? refuse(response, status, body) : answer(api, response),
    );
    const { ask, said } = asking(server.url, api);
    expect(await ask()).toMatchObject({ text: '{"n":1}' });
    expect(server.asked).toHaveLength(1 + more);
    await ask();
    expect(server.asked).toHaveLength(2 + more);
    expect(said).toHaveLength(more);
    // What it was not refused for stays: nothing else is given up.
    const last = server.asked.at(-1);
    expect(last && refuses(last)).toBe(false);
    const kept = { ...(server.asked[0] as object) };
    // With the tools goes the format: it would leave no room for calls in words.
    const fewer = last && hasTools(last) ? 2 : 3;
    expect(Object.keys(last ?? {}).length).toBeGreaterThanOrEqual(Object.keys(kept).length - fewer);
  },
);

const SILENT: Record<string, Oddity> = Object.fromEntries(
  Object.entries(NAMED).map(([name, oddity]) => [name, { ...oddity, body: nested('Bad Request') }]),
);

test.each(cases(SILENT).flatMap((one) => [400, 422].map((status) => ({ ...one, status }))))(
  'through $api, a server that refuses $name by $status without a word of why is asked with less, in few tries',
  async ({ api, refuses, status, body }) => {
    server = await oddServer(({ body: asked, response }) =>
      refuses(asked) ? refuse(response, status, body) : answer(api, response),
    );
    const { ask, said } = asking(server.url, api);
    expect(await ask()).toMatchObject({ text: '{"n":1}' });
    expect(server.asked.length).toBeLessThanOrEqual(10);
    const before = server.asked.length;
    await ask();
    expect(server.asked).toHaveLength(before + 1);
    expect(said).toHaveLength(1);
  },
);

test.each(APIS)(
  'through %s, a server that refuses whatever it is asked ends in its own words, after few tries',
  async (api) => {
    server = await oddServer(({ response }) => refuse(response, 400, nested('I will not')));
    const { fault } = asking(server.url, api);
    expect(await fault(FULL)).toMatchObject({
      type: 'ModelRequestRejected',
      message: expect.stringContaining('I will not'),
    });
    expect(server.asked.length).toBeLessThanOrEqual(10);
  },
);

test.each(APIS)(
  'through %s, features that were answered are no suspects when a later request is refused',
  async (api) => {
    let isBroken = false;
    server = await oddServer(({ response }) =>
      isBroken ? refuse(response, 400, nested('no')) : answer(api, response),
    );
    const { ask, fault } = asking(server.url, api);
    await ask();
    isBroken = true;
    await fault(FULL);
    expect(server.asked).toHaveLength(2);
  },
);

test.each(APIS)(
  'through %s, one "server error" is an outage and no refusal; the second in a row is looked into',
  async (api) => {
    server = await oddServer(({ body, nth, response }) =>
      nth === 1 || formOf(body) !== 'words' ? refuse(response, 500, 'Internal Server Error') : answer(api, response),
    );
    const { ask, fault, said } = asking(server.url, api);
    expect(await fault(PLAIN)).toMatchObject({ type: 'ModelUnavailable' });
    expect(server.asked).toHaveLength(1);
    expect(await ask(PLAIN)).toMatchObject({ text: '{"n":1}' });
    // Once may have been an outage that ended just then.
    expect(said).toHaveLength(0);
    await ask(PLAIN);
    expect(said).toHaveLength(1);
    const before = server.asked.length;
    await ask(PLAIN);
    expect(server.asked).toHaveLength(before + 1);
  },
);

test.each(APIS)('through %s, an outage of "server error" teaches nothing', async (api) => {
  let isOut = true;
  server = await oddServer(({ response }) =>
    isOut ? refuse(response, 500, 'Internal Server Error') : answer(api, response),
  );
  const { ask, fault, said } = asking(server.url, api);
  for (let tries = 0; tries < 4; tries += 1) await fault(FULL);
  // Looked into once, and not at every try.
  expect(server.asked.length).toBeLessThanOrEqual(14);
  isOut = false;
  await ask();
  expect(said).toEqual([]);
  expect(formOf(server.asked.at(-1) ?? { model: '' })).toBe('json_schema');
});

test.each(APIS)('through %s, first calls under way together step down together', async (api) => {
  const held: (() => void)[] = [];
  server = await oddServer(({ body, response }) => {
    if (!hasForm(body)) return answer(api, response);
    held.push(() => refuse(response, 400, nested('no')));
    // All are on their way before the first is refused.
    if (held.length === 6) held.forEach((go) => go());
    else if (held.length > 6) refuse(response, 400, nested('no'));
  });
  const { ask, said } = asking(server.url, api);
  await Promise.all(Array.from({ length: 6 }, () => ask(PLAIN)));
  // Six, what one of them tried to find out, and six that go on.
  expect(server.asked.length).toBeLessThanOrEqual(6 + 4 + 6);
  expect(said).toHaveLength(1);
});

test.each(APIS)(
  'through %s, what the settings say is not moved, and what was learned is not above them',
  async (api) => {
    server = await oddServer(({ body, response }) =>
      hasForm(body) ? refuse(response, 400, nested('response_format is not supported')) : answer(api, response),
    );
    const pinned = asking(server.url, api, {
      features: { format: 'json_schema' },
      recall: () => Promise.resolve({ features: { format: 'words' } }),
    });
    expect(await pinned.fault()).toMatchObject({ type: 'ModelRequestRejected' });
    expect(server.asked.every((body) => formOf(body) === 'json_schema')).toBe(true);
  },
);

test.each(APIS)('through %s, what one process learned the next one does not try', async (api) => {
  server = await oddServer(({ body, response }) =>
    hasForm(body) ? refuse(response, 400, nested('response_format is not supported')) : answer(api, response),
  );
  let kept: object | undefined;
  await asking(server.url, api, { onLearned: (learned) => (kept = learned) }).ask();
  const before = server.asked.length;
  await asking(server.url, api, { recall: () => Promise.resolve(kept) }).ask();
  expect(server.asked).toHaveLength(before + 1);
});
