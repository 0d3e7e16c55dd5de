// cli.ts: muster as a person runs it: a folder with documents and a config file, and its commands in a terminal that is
// watched for silence. The local stack is stopped with the run.

import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TaskResult } from '../../client/index.ts';
import type { Cleanup } from '../cleanup.ts';
import { SCHEMA, type Ran } from './judge.ts';

const CLI = fileURLToPath(new URL('../../client/cli/main.js', import.meta.url));
const DOCS = fileURLToPath(new URL('../../../bench/real-models/docs', import.meta.url));
/** Beyond the task's own time: then it hangs. */
const PATIENCE_SECONDS = 120;

export interface Place {
  docs: string;
  /** `muster run`, and the task's result. */
  ask(goal: string, options?: { isShaped?: boolean; className?: string }): Promise<Ran>;
  /** Any other command. */
  run(...args: string[]): Promise<Printed>;
  close(): Promise<void>;
}

interface Printed {
  exit: number | null;
  out: string;
  stderr: string;
  seconds: number;
  silentSeconds: number;
}

/** @param deadlineSeconds of its class `small`, which is asked unless another is named */
export function newPlace(config: object, deadlineSeconds: number, cleanup: Cleanup): Place {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'muster-real-')));
  const docs = join(folder, 'docs');
  const home = join(folder, '.muster');
  mkdirSync(home);
  cpSync(DOCS, docs, { recursive: true });
  const classes = { small: { extends: 'standard', deadlineSeconds, maxSubtasks: 6 } };
  const configFile = join(folder, 'muster.json');
  writeFileSync(configFile, JSON.stringify({ ...config, classes }));
  const schema = join(folder, 'shape.json');
  writeFileSync(schema, JSON.stringify(SCHEMA));
  const env = { ...process.env, MUSTER_CONFIG: configFile, MUSTER_HOME: home };
  const run: Place['run'] = (...args) => muster(args, folder, env);
  const close = cleanup.add(async () => {
    await run('down');
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    docs,
    run,
    close,
    async ask(goal, { isShaped = false, className = 'small' } = {}) {
      const timeout = String(deadlineSeconds + PATIENCE_SECONDS);
      const shape = isShaped ? ['--schema', schema] : [];
      const ran = await run('run', goal, '--docs', docs, '--class', className, '--timeout', timeout, ...shape);
      const id = (JSON.parse((await run('list', '--json')).out.split('\n')[0] || '{}') as { taskId?: string }).taskId;
      const printed = id === undefined ? '' : (await run('result', id, '--json')).out;
      if (printed.trim() === '') return ran;
      return { ...ran, ...(JSON.parse(printed) as { result: TaskResult }) };
    },
  };
}

async function muster(args: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Printed> {
  const began = Date.now();
  let last = began;
  let silent = 0;
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', stderr: '' };
  const hear = (name: keyof typeof said) => (text: Buffer) => {
    silent = Math.max(silent, Date.now() - last);
    last = Date.now();
    said[name] += text.toString();
  };
  child.stdout.on('data', hear('out'));
  child.stderr.on('data', hear('stderr'));
  const exit = await new Promise<number | null>((done) => {
    // Its folder may be gone with a run that was interrupted.
    child.once('error', () => done(null));
    child.once('close', done);
  });
  const now = Date.now();
  return {
    exit,
    ...said,
    seconds: Math.round((now - began) / 1_000),
    silentSeconds: Math.max(silent, now - last) / 1_000,
  };
}
