// The contract suites on what is built in and on the example; and that they find what is broken.

import { z } from 'zod';
import {
  defineModelProvider,
  defineNotifier,
  defineSubAgent,
  emailNotifier,
  ntfyNotifier,
  type Tool,
  openaiProvider,
  researcher,
  verifier,
  webhookNotifier,
} from '../../activities/index.ts';
import { defineRouter } from '../../protocol/schemas/router.ts';
import { closeCorpusThread } from '../../documents/thread/corpus-thread.ts';
import { readDocument, searchDocuments } from '../../activities/tools/documents.ts';
import {
  modelProviderContract,
  notifierContract,
  routerContract,
  startSimulator,
  subAgentContract,
  toolContract,
  type Check,
} from '../../testing/index.ts';
import { corpusOf } from '../documents/support.ts';
import { receiver, type Receiver } from '../notify/support.ts';
import { mailServer, type MailServer } from '../notify/mail-server.ts';

const each = (checks: readonly Check[]): [string, Check['run']][] => checks.map(({ name, run }) => [name, run]);
const brokenIn = async (checks: readonly Check[]): Promise<string[]> => {
  const ran = await Promise.allSettled(checks.map(({ run }) => run()));
  return checks.filter((_check, at) => ran[at]?.status === 'rejected').map(({ name }) => name);
};

const findings = { findings: [{ claim: 'c', citations: [{ source: 'a.md', quote: 'twelve letters' }] }], missing: [] };

describe('built-in tools keep the contract of tools:', () => {
  afterAll(closeCorpusThread);
  let context: object;
  beforeAll(async () => {
    context = { corpus: await corpusOf({ 'a.md': 'Words that can be found.' }) };
  });
  test.each(
    each([
      ...toolContract(searchDocuments, {
        fits: { query: 'words' },
        misfits: { query: 7 },
        context: lazily(() => context),
      }),
      ...toolContract(readDocument, { fits: { source: 'a.md' }, misfits: {}, context: lazily(() => context) }),
    ]),
  )('%s', (_name, run) => run());
});

describe('built-in kinds keep the contract of sub-agents:', () => {
  const verdicts = { verdicts: [{ claim: 1, verdict: 'supported', reason: 'so' }] };
  test.each(
    each([
      ...subAgentContract(researcher, { output: findings }),
      ...subAgentContract(verifier, { output: verdicts, input: { claims: [] } }),
    ]),
  )('%s', (_name, run) => run());
});

describe('the openai provider keeps the contract of providers:', () => {
  const closing: (() => Promise<void>)[] = [];
  afterAll(async () => {
    for (const close of closing) await close();
  });
  const provider = (url: string) => openaiProvider({ model: 'muster-offline', apiKey: 'sk-secret-1', baseURL: url });
  test('all of it', async () => {
    const quick = await startSimulator();
    const slow = await startSimulator({ latencyMs: 60_000 });
    closing.push(
      () => quick.close(),
      () => slow.close(),
    );
    const checks = modelProviderContract({
      answers: () => provider(quick.url),
      stalls: () => provider(slow.url),
      key: 'sk-secret-1',
    });
    expect(checks.length).toBeGreaterThan(3);
    expect(await brokenIn(checks)).toEqual([]);
  });
});

describe('built-in notifiers keep the contract of notifiers:', () => {
  const SECRET = `whsec_${Buffer.alloc(32, 3).toString('base64')}`;
  let hook: Receiver;
  let silent: Receiver;
  let mails: MailServer;
  beforeAll(async () => {
    hook = await receiver();
    silent = await receiver(() => undefined);
    mails = await mailServer();
  });
  afterAll(async () => void (await Promise.all([hook.close(), silent.close(), mails.close()])));
  const told = (header: string) => (id: string) => hook.told.filter(({ headers }) => headers[header] === id).length;

  test('webhook and ntfy', async () => {
    const pairs = [hook.pair, silent.pair, '127.0.0.1:1'];
    const sample = { to: hook.origin, stalls: silent.origin, away: 'http://127.0.0.1:1/', secrets: [SECRET] };
    const forbidden = ['http://169.254.169.254/', 'http://10.0.0.1/', 'ftp://127.0.0.1/', 'nowhere'];
    const webhook = webhookNotifier({ keys: { main: { secrets: [SECRET] } }, allow: pairs });
    expect(await brokenIn(notifierContract(webhook, { ...sample, forbidden, told: told('webhook-id') }))).toEqual([]);
    const ntfy = ntfyNotifier({ allow: pairs });
    expect(await brokenIn(notifierContract(ntfy, { ...sample, forbidden, told: told('x-message-id') }))).toEqual([]);
  });

  test('email', async () => {
    const options = { host: '127.0.0.1', port: mails.port, from: 'muster@example.com', allow: ['@example.com'] };
    const checks = notifierContract(emailNotifier(options), {
      to: 'me@example.com',
      forbidden: ['me@example.org', 'me@example.com,you@example.com', ''],
      told: (id) => mails.mails.filter(({ email }) => email.messageId === `<${id}@example.com>`).length,
    });
    expect(checks.length).toBeGreaterThan(4);
    expect(await brokenIn(checks)).toEqual([]);
  });
});

describe('a router of one’s own keeps the contract of routers:', () => {
  const byWords = defineRouter({
    name: 'by-words',
    judge: ({ goal }) => ({
      path: /\b(?:all|compare|report)\b/i.test(goal) ? 'deep' : 'fast',
      why: 'its words say so',
    }),
  });
  test.each(each(routerContract(byWords, { fast: 'What is the notice period?', deep: 'Compare all of them.' })))(
    '%s',
    (_name, run) => run(),
  );
});

describe('a contract finds', () => {
  test('a router that judges all alike, changes what it is shown, shows its secret and heeds no signal', async () => {
    const careless = defineRouter({
      name: 'careless',
      async judge({ goal, needs }) {
        await new Promise((done) => setTimeout(done, 1_100));
        if (goal === '') (needs as { steps: number }).steps = 9;
        return { path: 'fast', why: `asked with s3cret` };
      },
    });
    const sample = { fast: 'What is it?', deep: 'Compare all of them.' };
    const broken = await brokenIn(routerContract(careless, sample));
    expect(broken.join('\n')).toMatch(/tells a question[^]*in time[^]*stops soon/);
    const open = await brokenIn(routerContract(careless, { ...sample, secrets: ['s3cret'] }));
    expect(open.join('\n')).toMatch(/whatever the question/);
  });

  test('a notifier that judges no address, shows its secret and heeds no signal', async () => {
    const told: string[] = [];
    const careless = defineNotifier({
      name: 'careless',
      async deliver({ id }, { to }) {
        told.push(id);
        if (to === 'away') return { status: 'delivered' };
        if (to === 'slow') await new Promise((done) => setTimeout(done, 2_500));
        return { status: 'retry', reason: 'my key is s3cret' };
      },
    });
    const broken = await brokenIn(
      notifierContract(careless, {
        to: 'me',
        away: 'away',
        stalls: 'slow',
        forbidden: ['them'],
        secrets: ['s3cret'],
        told: (id) => told.filter((one) => one === id).length,
      }),
    );
    expect(broken).toHaveLength(5);
  });

  test('a tool that takes no signal and one whose input can’t be checked', async () => {
    const deaf: Tool = {
      name: 'deaf',
      description: '',
      input: z.object({}).loose(),
      sideEffects: 'none',
      execute: () => new Promise((done) => setTimeout(done, 2_500)),
    };
    const broken = await brokenIn(toolContract(deaf, { fits: {}, misfits: { any: 1 } }));
    expect(broken.join('\n')).toMatch(/what it is for[^]*stops soon/);
    expect(broken.join('\n')).toMatch(/what does not fit/);
  });

  test('a kind that lets words out of their block, and one that believes every quote', async () => {
    const open = (words: string) => [{ role: 'user' as const, content: words }];
    const naive = defineSubAgent({
      name: 'naive',
      description: 'x',
      tools: [],
      prompt: 'naive/1',
      output: researcher.output,
      check: async (output: typeof findings) => ({
        accepted: {
          findings: output.findings.map(({ claim }) => ({
            claim,
            citations: [{ source: 'x', sha256: '', quote: 'q', place: { line: 1 } }],
          })),
          missing: [],
        },
        problems: [],
      }),
      open: ({ subtask }) => open(`<goal><subtask>${subtask}</subtask></goal>`),
    });
    const broken = await brokenIn(subAgentContract(naive, { output: findings }));
    expect(broken.join('\n')).toMatch(/hostile words/);
    expect(broken.join('\n')).toMatch(/no citation/);
  });

  test('a provider that throws where it must not, and shows its key', async () => {
    const loud = defineModelProvider({
      model: 'loud',
      offline: false,
      generate: async () => ({ text: '', toolCalls: [], inputTokens: 0.5, outputTokens: 0 }),
      classify: (error) => ({ type: 'ModelUnavailable', message: (error as Error).message }),
    });
    const broken = await brokenIn(modelProviderContract({ answers: () => loud, stalls: () => loud, key: 'sk-1' }));
    expect(broken).toHaveLength(4);
  });
});

describe('a contract that is called otherwise', () => {
  const provider = openaiProvider({ model: 'm', apiKey: 'x', baseURL: 'http://127.0.0.1:1' });
  const call =
    (contract: unknown, ...given: unknown[]) =>
    () =>
      (contract as (...all: unknown[]) => Check[])(...given);
  test.each([
    [
      'a provider for its sample',
      call(modelProviderContract, provider),
      /^it is modelProviderContract\(\{ answers: .+\}\); sample\.answers: must be a function; sample\.stalls: must be a function/,
    ],
    ['a tool’s sample for a kind', call(subAgentContract, researcher, { fits: {} }), /sample\.output: is missing/],
    ['no sample of a kind', call(subAgentContract, researcher), /sample: is missing/],
    ['no kind', call(subAgentContract, { output: {} }), /kind\.name: is missing.*kind\.open: must be a function/],
    ['a misspelt sample', call(toolContract, readDocument, { fit: {} }), /there is no "fit" \(did you mean "fits"\?\)/],
    ['no receiver', call(notifierContract, ntfyNotifier({ allow: [] }), {}), /sample\.to: is missing/],
    ['no questions', call(routerContract, { name: 'x' }, {}), /router\.judge: must be .+; sample\.fast: is missing/],
  ])('with %s says in words how it is called', (_what, contract, words) => {
    expect(contract).toThrow(TypeError);
    expect(contract).toThrow(words);
  });
});

/** Read when it is used: the corpus is made before the tests, after they are listed. */
function lazily<T extends object>(of: () => T): T {
  return new Proxy({} as T, {
    get: (_target, key) => of()[key as keyof T],
    ownKeys: () => Reflect.ownKeys(of()),
    getOwnPropertyDescriptor: (_target, key) => ({ ...Object.getOwnPropertyDescriptor(of(), key), configurable: true }),
  });
}
