// run.mjs: `npm run mutants`: applies each mutant to a copy of this checkout, runs its test there and says whether the test
// went red. Exit 1 when one survives or can't be applied. What was killed is not tried again until a file changes.
//
//   npm run mutants -- [--only TEXT] [--again] [--control] [--why] [--pick HASH --count N]
//     --only TEXT   rows, files and tables with TEXT in them  --again     also what was killed before
//     --why         also what the test said: a worker that did not start is no broken promise
//     --pick HASH   N mutants that need no server and hang nothing        --control   the tests without the mutants: all survive
// A test that is red without its mutant looks killed, too: that is what --control is for, or `npm test`.

import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { transformSync } from '@swc/core';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const KEPT = join(ROOT, 'node_modules/.cache/muster-mutants.json');
const NOT_COPIED = new Set(['node_modules', '.git', '.muster']);
/** What a test waits for in vain is named. */
const PATIENCE_MS = { nothing: 20_000, server: 60_000, postgres: 60_000 };

const { values: flags } = parseArgs({
  options: {
    only: { type: 'string' },
    again: { type: 'boolean', default: false },
    control: { type: 'boolean', default: false },
    why: { type: 'boolean', default: false },
    pick: { type: 'string' },
    count: { type: 'string', default: '3' },
  },
});

/** A test that a mutant keeps from ending is as red as one that fails. `npm test` waits for its few no longer than a minute each. */
const LONGEST_MS = flags.pick === undefined ? 300_000 : 60_000;
const LONGEST_TEST_MS = LONGEST_MS / 3;

const transpile = (text, more = {}) =>
  transformSync(text, {
    swcrc: false,
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript' },
      rewriteRelativeImportExtensions: true,
      ...more,
    },
    module: { type: 'es6' },
  }).code;

/** All tables beside this file. */
async function mutants() {
  const folder = join(ROOT, 'test/house/mutants');
  const tables = readdirSync(folder).filter((name) => name.endsWith('.ts') && name !== 'mutant.ts');
  const moduleOf = (name) => transpile(readFileSync(join(folder, name), 'utf8'));
  const urlOf = (code) => `data:text/javascript;base64,${Buffer.from(code).toString('base64')}`;
  // A module that is a URL of data can't name a file beside it.
  const shared = urlOf(moduleOf('mutant.ts'));
  const lists = tables.map(async (name) => {
    const code = moduleOf(name).replace(/(["'])\.\/mutant\.js\1/, JSON.stringify(shared));
    const { default: rows } = await import(urlOf(code));
    return rows.map((one) => ({ ...one, table: name }));
  });
  return (await Promise.all(lists)).flat();
}

/** Which of them: all, those that were asked for, or a few by the hash. */
function chosen(all) {
  if (flags.pick !== undefined) {
    const order = (one) => createHash('sha256').update(`${flags.pick} ${one.row} ${one.put}`).digest('hex');
    const light = all.filter(({ needs, hangs }) => needs === 'nothing' && !hangs);
    return light.sort((a, b) => order(a).localeCompare(order(b))).slice(0, Number(flags.count));
  }
  return all.filter(
    ({ row, file, table }) => flags.only === undefined || `${row} ${file} ${table}`.includes(flags.only),
  );
}

const filesIn = (folder) =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (NOT_COPIED.has(entry.name) || entry.name === 'dist') return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });

function copyOf() {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'muster-mutants-')));
  cpSync(ROOT, copy, {
    recursive: true,
    preserveTimestamps: true,
    filter: (path) => !NOT_COPIED.has(relative(ROOT, path)),
  });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  // Copied folders are new, and tests refuse a build that is older than they are.
  utimesSync(join(copy, 'dist/workflow-bundle.js'), new Date(), new Date());
  return copy;
}

/** The file whose path ends so, and its text. @throws when that is not one file, or the text is not in it once. */
function place(copy, files, { file, find }) {
  const named = files.filter((path) => `/${path}`.endsWith(`/${file}`) && !path.startsWith('test/'));
  if (named.length !== 1) throw new Error(`${named.length} files are named ${file}`);
  const path = join(copy, named[0]);
  const text = readFileSync(path, 'utf8');
  const times = text.split(find).length - 1;
  if (times !== 1) throw new Error(`its text stands ${times} times in ${named[0]}`);
  return { path, text };
}

/** The Workflows' bundle is older than their files: it takes as long to build as a test takes. */
let isBundleStale = false;

/** Writes the file, and what is built from it: processes and threads run dist/. */
function write(copy, path, text) {
  writeFileSync(path, text);
  const name = relative(copy, path);
  const built = join(copy, 'dist', name.replace(/\.ts$/, '.js'));
  if (!name.endsWith('.ts') || !existsSync(built)) return;
  writeFileSync(built, transpile(text));
  isBundleStale ||= /^(?:workflows|protocol)\//.test(name);
  utimesSync(join(copy, 'dist/workflow-bundle.js'), new Date(), new Date());
}

/** Workflows run their bundle, where any run: on a server, or as replay of a history. */
function buildBundle(copy, { needs, test }) {
  if (!isBundleStale || (needs === 'nothing' && !test.startsWith('test/replay/'))) return;
  execFileSync(process.execPath, ['dist/worker/build-bundle.js'], { cwd: copy, stdio: 'pipe' });
  isBundleStale = false;
}

/** One run of Jest in the copy: what became of the test. */
async function verdict(copy, { test, title, row, needs }, env) {
  const report = join(copy, 'mutant-report.json');
  rmSync(report, { force: true });
  const pattern = (title ?? row).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  jest = spawn(
    process.execPath,
    [
      join(ROOT, 'node_modules/jest/bin/jest.js'),
      test,
      '-t',
      pattern,
      '--ci',
      '--maxWorkers=1',
      '--forceExit',
      `--testTimeout=${LONGEST_TEST_MS}`,
    ]
      .concat(['--json', `--outputFile=${report}`])
      .concat(process.env.MUSTER_MUTANTS_TALK ? [] : ['--silent']),
    {
      cwd: copy,
      env: {
        ...process.env,
        MUSTER_TEST_PATIENCE_MS: String(PATIENCE_MS[needs]),
        ...env,
        ...(needs === 'nothing' ? { MUSTER_TEST_ADDRESS: 'none' } : {}),
      },
      stdio: ['ignore', 'ignore', process.env.MUSTER_MUTANTS_TALK ? 'inherit' : 'ignore'],
    },
  );
  const clock = setTimeout(() => jest.kill('SIGKILL'), LONGEST_MS);
  await new Promise((done) => jest.once('exit', done));
  clearTimeout(clock);
  if (jest.signalCode) return 'killed';
  if (!existsSync(report)) return 'not run: Jest wrote no report';
  const said = JSON.parse(readFileSync(report, 'utf8'));
  const results = said.testResults.flatMap(({ assertionResults }) => assertionResults);
  const red = results.find(({ status }) => status === 'failed');
  if (red && flags.why) console.log(red.failureMessages.join('\n').split('\n').slice(0, 12).join('\n'));
  if (red) return 'killed';
  if (said.numRuntimeErrorTestSuites > 0)
    return `not run: ${said.testResults[0]?.message.split('\n').slice(0, 3).join(' ')}`;
  return results.some(({ status }) => status === 'passed') ? 'SURVIVED' : 'not run: no test has this title';
}

/** One server for all of them. */
function startServer(home) {
  const env = { ...process.env, MUSTER_HOME: home, TEMPORAL_ADDRESS: '' };
  const script = join(ROOT, 'temporal-dev.sh');
  const out = execFileSync('bash', [script], { env, stdio: ['ignore', 'pipe', 'inherit'] }).toString();
  const stop = () => execFileSync('bash', [script, '--stop'], { env, stdio: 'ignore' });
  return { address: /^address=(.*)$/m.exec(out)?.[1] ?? '', stop };
}

const list = chosen(await mutants());
const copy = copyOf();
const files = filesIn(copy).map((path) => relative(copy, path));
const state = createHash('sha256');
for (const path of files)
  if (!path.startsWith('test/house/mutants/')) state.update(path).update(readFileSync(join(copy, path)));
const fingerprint = state.digest('hex');
const kept = existsSync(KEPT) ? JSON.parse(readFileSync(KEPT, 'utf8')) : {};
const killed = new Set(kept.fingerprint === fingerprint && !flags.again && !flags.control ? kept.killed : []);
const keyOf = (one) => JSON.stringify([one.row, one.file, one.find, one.put, one.test]);
const todo = list.filter((one) => !killed.has(keyOf(one)));
if (todo.length < list.length)
  console.log(`${list.length - todo.length} of ${list.length} were killed in an earlier run`);

let server;
let jest;
let survivors = 0;
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, () => {
    jest?.kill('SIGKILL');
    server?.stop();
    rmSync(copy, { recursive: true, force: true });
    process.exit(130);
  });
try {
  if (!process.env.MUSTER_TEST_ADDRESS && todo.some(({ needs }) => needs !== 'nothing'))
    server = startServer(join(copy, '.muster'));
  const env = server ? { MUSTER_TEST_ADDRESS: server.address } : {};
  for (const [at, one] of todo.entries()) {
    const began = Date.now();
    let said;
    try {
      const { path, text } = place(copy, files, one);
      try {
        if (!flags.control)
          write(
            copy,
            path,
            text.replace(one.find, () => one.put),
          );
        buildBundle(copy, one);
        said = await verdict(copy, one, env);
      } finally {
        write(copy, path, text);
      }
    } catch (error) {
      said = `could not be applied: ${error.message.split('\n')[0]}`;
    }
    console.log(
      `${at + 1}/${todo.length} ${said} (${((Date.now() - began) / 1_000).toFixed(0)} s) ${one.file}: ${one.row}`,
    );
    if (said === 'killed') killed.add(keyOf(one));
    else survivors += 1;
    if (flags.pick !== undefined || flags.control) continue;
    mkdirSync(dirname(KEPT), { recursive: true });
    writeFileSync(KEPT, JSON.stringify({ fingerprint, killed: [...killed] }));
  }
} finally {
  server?.stop();
  rmSync(copy, { recursive: true, force: true });
}
console.log(`${todo.length - survivors} killed, ${survivors} not`);
process.exitCode = (flags.control ? todo.length - survivors : survivors) > 0 ? 1 : 0;
