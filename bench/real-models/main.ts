// main.ts: `npm run bench:real-models [-- --only TEXT] [--verbose]`: the whole product against llama.cpp's server with a small
// instruct model, and real embeddings. Prints a table; exit 1 when something crashed, hung or was believed though false.

import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { TaskResult } from '../../client/index.ts';
import { Cleanup } from '../cleanup.ts';
import { forgetSettings } from '../deployment.ts';
import { newPlace } from './cli.ts';
import { install } from './install.ts';
import { faultsOf, type Ran } from './judge.ts';
import { startEmbeddings, startLlama } from './servers.ts';

const WIDE = 'How does each of billing, search, mail, login, upload and reports send failed requests again?';
const NARROW = 'How often is a refused invoice sent again?';
const DEADLINE_SECONDS = 240;

interface Setup {
  name: string;
  llama: string[];
  provider?: object;
  hasEmbeddings?: boolean;
  asks: { goal: string; isShaped?: boolean }[];
}

/** llama.cpp shares its context among its slots. */
const SETUPS: Setup[] = [
  {
    name: 'four slots of 2048',
    llama: ['-c', '8192', '-np', '4', '--no-kv-unified'],
    asks: [{ goal: WIDE }, { goal: NARROW, isShaped: true }],
  },
  { name: 'one slot of 8192', llama: ['-c', '8192', '-np', '1'], asks: [{ goal: WIDE }, { goal: NARROW }] },
  {
    name: 'one slot of 4096, embeddings',
    llama: ['-c', '4096', '-np', '1'],
    hasEmbeddings: true,
    asks: [{ goal: NARROW }, { goal: NARROW, isShaped: true }],
  },
  { name: 'one slot of 2048', llama: ['-c', '2048', '-np', '1'], asks: [{ goal: WIDE }] },
  { name: 'one slot of 512', llama: ['-c', '512', '-np', '1'], asks: [{ goal: NARROW }] },
  { name: 'without --jinja', llama: ['-c', '8192', '-np', '2', '--no-jinja'], asks: [{ goal: NARROW }] },
  {
    name: 'Responses',
    llama: ['-c', '8192', '-np', '2'],
    provider: { api: 'responses' },
    asks: [{ goal: NARROW }, { goal: NARROW, isShaped: true }],
  },
];

const { values } = parseArgs({
  options: { only: { type: 'string' }, verbose: { type: 'boolean', default: false }, keep: { type: 'string' } },
});
const cleanup = new Cleanup();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void cleanup.run().finally(() => process.exit(130)));
}
const say = (line: string): void => void process.stderr.write(`real-models: ${line}\n`);

try {
  forgetSettings();
  const installed = await install(say);
  let faults = 0;
  for (const setup of SETUPS.filter(({ name }) => name.includes(values.only ?? ''))) {
    const own = new Cleanup();
    const stop = cleanup.add(() => own.run());
    const llama = await startLlama(installed, setup.llama, own);
    const embeddings = setup.hasEmbeddings ? await startEmbeddings(installed, own) : undefined;
    const place = newPlace(
      {
        providers: [
          {
            name: 'llama',
            baseURL: llama.url,
            models: [{ name: 'small', model: 'smollm2-135m-instruct' }],
            ...setup.provider,
          },
          ...(embeddings ? [{ name: 'embeddings', baseURL: embeddings.url }] : []),
        ],
        models: ['small'],
        ...(embeddings ? { embeddings: { provider: 'embeddings', model: 'all-MiniLM-L6-v2' } } : {}),
      },
      DEADLINE_SECONDS,
      own,
    );
    process.stdout.write(`\n== ${setup.name}\n`);
    const doctor = await place.run('doctor', '--models');
    process.stdout.write(indented(doctor.out || doctor.stderr));
    for (const { goal, isShaped = false } of setup.asks) {
      const ran = await place.ask(goal, { isShaped });
      const wrong = faultsOf(ran, place.docs, isShaped);
      faults += wrong.length;
      process.stdout.write(
        `${[rowOf(goal, isShaped, ran), ...wrong.map((fault) => `    WRONG ${fault}`)].join('\n')}\n`,
      );
      if (values.verbose) process.stdout.write(indented(`${ran.stderr}${JSON.stringify(ran.result, null, 1)}`));
      if (values.keep !== undefined) {
        mkdirSync(values.keep, { recursive: true });
        writeFileSync(
          `${values.keep}/${setup.name}-${isShaped ? 'shaped' : goal.slice(0, 20)}.json`,
          JSON.stringify(ran),
        );
      }
    }
    await stop();
  }
  process.stdout.write(
    `\n${faults === 0 ? 'nothing crashed, hung or was believed though false' : `${faults} WRONG`}\n`,
  );
  process.exitCode = faults === 0 ? 0 : 1;
} catch (error) {
  if (!cleanup.hasBegun) say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
await cleanup.run();

function rowOf(goal: string, isShaped: boolean, { exit, seconds, silentSeconds, result }: Ran): string {
  const { outcome = 'no result', coverage, answer, failure, usage } = result ?? ({} as Partial<TaskResult>);
  const claims = answer?.sections.reduce((sum, { claims: some }) => sum + some.length, 0) ?? 0;
  return [
    `  ${isShaped ? '--schema ' : ''}${goal}`,
    `    exit ${exit}, ${outcome} in ${seconds} s (longest silence ${Math.round(silentSeconds)} s); ` +
      `${coverage?.done ?? 0} of ${coverage?.subtasks.length ?? 0} subtasks done, ${claims} claims, ` +
      `${answer?.citations.length ?? 0} citations, ${usage?.modelCalls ?? 0} model calls`,
    ...(failure ? [`    ${failure.type}: ${failure.message}`] : []),
    ...(answer?.gaps ?? coverage?.gaps ?? []).slice(0, 8).map((gap) => `    gap: ${gap}`),
    ...(result?.notes ?? []).map((note) => `    note: ${note}`),
  ].join('\n');
}

function indented(text: string): string {
  return `${text.trimEnd().replace(/^/gm, '  ')}\n`;
}
