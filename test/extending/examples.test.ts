// The examples, by the commands of their READMEs, against the test's server.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { serverAddress } from '../rig/deployment.ts';

const ROOT = resolve(__dirname, '../..');
const run = promisify(execFile);

/** The README's own command that starts with `node`. */
const commandOf = (example: string): string[] => {
  const readme = readFileSync(join(ROOT, 'examples', example, 'README.md'), 'utf8');
  const line = /^node (.+)$/m.exec(readme)?.[1] ?? '';
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
};

const output = async (example: string): Promise<string> => {
  const env = { ...process.env, TEMPORAL_ADDRESS: serverAddress() };
  return (await run(process.execPath, commandOf(example), { cwd: ROOT, env })).stdout;
};

test('the echo example says again what it heard, with its source', async () => {
  const said = await output('echo');
  expect(said).toContain('HELLO, MOUNTAINS! [1]');
  expect(said).toContain('README.md:');
  // Cited is what says the claim.
  expect(said).toContain('heard HELLO, MOUNTAINS! from the other side');
});

test('the custom master answers, and then says what limits the answer', async () => {
  const said = await output('custom-master');
  expect(said).toMatch(/## In short[^]*# What limits it/);
});

/** As its author would: with the package's own entry, and any runner. */
const CHECKS = `
  import { echo, parrot, shout } from './examples/echo/echo.mjs';
  import { modelProviderContract, subAgentContract, toolContract } from 'muster-agents/testing';
  const output = { findings: [{ claim: 'c', citations: [{ source: 'README.md', quote: 'twelve letters' }] }], missing: [] };
  const silent = { ...parrot, generate: () => Promise.reject(new Error('stopped')) };
  const checks = [
    ...toolContract(shout, { fits: { text: 'a' }, misfits: { text: '' } }),
    ...subAgentContract(echo, { output }),
    ...modelProviderContract({ answers: () => parrot, stalls: () => silent }),
  ];
  for (const { name, run } of checks) {
    await run().then(() => console.log('kept: ' + name), (error) => console.log('BROKEN: ' + name + ': ' + error.message));
  }
`;

test('the echo example keeps the contracts of its tool, its kind and its provider', async () => {
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', CHECKS], { cwd: ROOT });
  expect(stdout.match(/^kept: /gm)?.length).toBeGreaterThan(12);
  expect(stdout).not.toContain('BROKEN');
});
