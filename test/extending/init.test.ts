// init.test.ts: `muster init`: what it writes is loaded by a worker as it is, keeps the contracts, and overwrites nothing.

import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { connect } from '../../client/index.ts';
import { startSimulator } from '../../simulator/server.ts';
import { emptyFolder, muster } from '../cli/support.ts';
import { killed, serverAddress, until } from '../rig/deployment.ts';
import { installed } from './support.ts';

const ROOT = resolve(__dirname, '../..');
const NOWHERE = {
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  MUSTER_DEPLOYMENT: 'deadbeef',
  MUSTER_OFFLINE_URL: 'http://127.0.0.1:1',
};

test('what muster init writes is loaded as it is, and its tool and kind keep their contracts', async () => {
  const cwd = emptyFolder();
  const { code, talk } = await muster(['init', 'mine'], { cwd }).ended;
  expect(code).toBe(0);
  expect(talk).toMatch(
    /wrote mine\/muster\.json\n[^]*cd mine\n {2}npm install "\$\(npm pack --silent '.+'\)" zod\n {2}MUSTER_CONFIG=muster\.json npx muster run "/,
  );
  const folder = join(cwd, 'mine');
  // Else npm would install into a project above.
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual({ private: true });
  installed(folder);
  const worker = await muster(['worker'], { cwd: folder, env: { ...NOWHERE, MUSTER_CONFIG: 'muster.json' } }).ended;
  expect(worker.out).toBe('loaded ./agents.mjs: kind scheduler; tool days_between\n');
  const checks = `
    import { scheduler, daysBetween } from './agents.mjs';
    import { subAgentContract, toolContract } from 'muster-agents/testing';
    const output = { findings: [{ claim: 'c', citations: [{ source: 'a.md', quote: 'twelve letters' }] }], missing: [] };
    const dates = { from: '2026-01-01', to: '2026-11-26' };
    for (const { run } of [...toolContract(daysBetween, { fits: dates, misfits: {} }), ...subAgentContract(scheduler, { output })]) await run();
    console.log(JSON.stringify({ ...(await daysBetween.execute(dates, {})), tools: scheduler.tools.map(({ name }) => name) }));`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', checks], { cwd: folder, encoding: 'utf8' });
  // It is told to search the documents.
  const tools = ['search_documents', 'read_document', 'calculate', 'days_between'];
  expect(JSON.parse(said)).toEqual({ days: 329, tools });
});

test('the question that muster init prints is worked on by the kind that it wrote, offline', async () => {
  const cwd = emptyFolder();
  const { talk } = await muster(['init'], { cwd }).ended;
  const question = /npx muster run "([^"]+)" --docs notes/.exec(talk)?.[1] ?? '';
  installed(cwd);
  const env = { MUSTER_CONFIG: 'muster.json', TEMPORAL_ADDRESS: serverAddress(), MUSTER_HOME: join(cwd, '.muster') };
  const { child, sofar } = muster(['worker'], { cwd, env });
  try {
    await until('the worker is ready', () => sofar.out.includes('\nready '));
    const { code, out } = await muster(['run', question, '--docs', 'notes', '--json'], { cwd, env }).ended;
    expect(code).toBe(0);
    expect([...new Set(out.match(/"kind":"(?:scheduler|researcher)"/g))]).toEqual(['"kind":"scheduler"']);
    for (const words of ['replaced on 2026-03-14', 'tested every 14 days']) expect(out).toContain(words);
  } finally {
    await killed(child, 'SIGTERM');
  }
});

test('muster init overwrites nothing, and then writes nothing', async () => {
  const cwd = emptyFolder();
  writeFileSync(join(cwd, 'agents.mjs'), 'mine');
  const { code, talk } = await muster(['init'], { cwd }).ended;
  expect(code).toBe(2);
  expect(talk).toMatch(/agents\.mjs is there already, so nothing was written/);
  expect(readFileSync(join(cwd, 'agents.mjs'), 'utf8')).toBe('mine');
  expect(existsSync(join(cwd, 'muster.json'))).toBe(false);
  const intoFile = await muster(['init', 'agents.mjs'], { cwd }).ended;
  expect(intoFile.code).toBe(2);
  expect(intoFile.talk).toMatch(/agents\.mjs is a file, so nothing was written.*Next: Name a folder/s);
});

test('the whole worker of docs/extending.md, copied beside what muster init wrote, answers a question', async () => {
  const cwd = emptyFolder();
  await muster(['init'], { cwd }).ended;
  installed(cwd);
  const docs = readFileSync(join(ROOT, 'docs/extending.md'), 'utf8');
  writeFileSync(join(cwd, 'worker.mjs'), /```js\n(\/\/ worker\.mjs[^]*?)```/.exec(docs)?.[1] ?? '');
  const model = await startSimulator({});
  const env = {
    ...process.env,
    TEMPORAL_ADDRESS: serverAddress(),
    MUSTER_MODEL: 'muster-offline',
    OPENAI_BASE_URL: model.url,
  };
  const home = join(cwd, '.muster');
  const worker = spawn(process.execPath, ['worker.mjs'], { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  worker.stderr.on('data', (data: Buffer) => (said += data.toString('utf8')));
  const died = new Promise<never>((_done, fail) =>
    worker.once('exit', (code) => fail(new Error(`it ended with ${code}: ${said}`))),
  );
  died.catch(() => undefined);
  await Promise.race([died, until('the worker has made its store', () => existsSync(join(home, 'store/deployment')))]);
  const client = await connect({ address: serverAddress(), home });
  const task = await client.start({ goal: 'How often is the fog horn tested?', sources: [join(cwd, 'notes')] });
  const { answer } = await Promise.race([died, task.result()]);
  expect(JSON.stringify(answer)).toContain('every 14 days');
  await client.close();
  await killed(worker, 'SIGTERM');
  await model.close();
});
