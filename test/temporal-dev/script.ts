// script.ts: temporal-dev.sh as tests run it: real processes, real ports. Every home is a temporary directory; what a test
// starts is stopped by its pid, never by name.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until as soon } from '../rig/until.ts';

const script = resolve(__dirname, '../../temporal-dev.sh');
const knobs = /^(TEMPORAL_|MUSTER_)/;
export const attributes = ['MusterClass', 'MusterTenant', 'MusterState', 'MusterSession'];
/** The folder of all homes, and the program; there from the first test on. */
export let root: string;
export let temporal: string;
export const homes: string[] = [];
export const closers: (() => void)[] = [];

interface Ended {
  code: number | null;
  out: string;
  talk: string;
}
interface State {
  address: string;
  uiUrl: string;
  pid: number;
  started: boolean;
  binary: string;
  version: string;
  ephemeral: boolean;
}

/** The caller's environment without its Temporal and Muster settings, so that a developer's own server is never touched. */
function environment(extra: Record<string, string>): NodeJS.ProcessEnv {
  const others = Object.entries(process.env).filter(([name]) => !knobs.test(name));
  // On a busy machine a server may get no time at all for a minute.
  return { ...Object.fromEntries(others), MUSTER_TEMPORAL_PATIENCE: '240', ...extra };
}

export function launch(home: string, args: string[] = [], extra: Record<string, string> = {}) {
  const child = spawn('bash', [script, ...args], {
    env: environment({ MUSTER_HOME: home, ...extra }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended: Ended = { code: null, out: '', talk: '' };
  child.stdout.on('data', (chunk) => (ended.out += chunk));
  child.stderr.on('data', (chunk) => (ended.talk += chunk));
  const end = new Promise<Ended>((done) => child.on('close', (code) => done(Object.assign(ended, { code }))));
  return { child, end, sofar: ended };
}

const stops: Promise<Ended>[] = [];
export const run = (home: string, args: string[] = [], extra: Record<string, string> = {}) =>
  launch(home, args, extra).end;

/** Ended as meant; where it was not, a failing test shows what the script said. */
export const well = { code: 0, why: '' };
export const endOf = ({ code, talk }: Pick<Ended, 'code' | 'talk'>): typeof well => ({
  code: code ?? -1,
  why: code === 0 ? '' : talk,
});

/** Stops what a test is done with while the next test runs: a clean stop takes a second. */
export function stopBehind(...done: string[]): void {
  stops.push(...done.map((home) => run(home, ['--stop'])));
}

export function newHome(): string {
  const home = mkdtempSync(join(root, 'home-'));
  homes.push(home);
  return home;
}

export const state = (home: string): State => JSON.parse(readFileSync(join(home, 'temporal.json'), 'utf8'));
export const lines = (of: { address: string; uiUrl: string }) => `address=${of.address}\nui=${of.uiUrl}\n`;

export function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return (
    spawnSync('ps', ['-o', 'stat=', '-p', String(pid)])
      .stdout.toString()
      .startsWith('Z') === false
  );
}

export const until = (what: () => boolean): Promise<void> => soon(String(what), what);

export function ask(address: string, ...words: string[]): string {
  const asked = spawnSync(temporal, [...words, '--address', address], { env: environment({}), timeout: 120_000 });
  return `${asked.stdout.toString()}${asked.stderr.toString()}`;
}

/** A TCP server that accepts connections and says nothing: whatever it is, it is not Temporal. */
export async function somethingElse(): Promise<number> {
  const server: Server = createServer((socket) => socket.on('error', () => undefined));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** The state file of a home, whichever of its servers (durable, in memory) wrote it. */
export function readState(home: string): State {
  const name = readdirSync(home).find((file) => /^temporal.*\.json$/.test(file));
  return JSON.parse(readFileSync(join(home, name ?? 'temporal.json'), 'utf8'));
}

/** For a file of tests: gets the program once, and stops and removes at the end all that was begun. */
export function useScript(): void {
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'temporal-dev-'));
    const home = newHome();
    const started = await run(home, ['--ephemeral']); // on a machine without the program this is where it is got, once
    expect(endOf(started)).toEqual(well);
    temporal = readState(home).binary;
    await run(home, ['--ephemeral', '--stop']);
    // Built from source on a busy machine it takes that long.
  }, 1_800_000);

  afterAll(async () => {
    for (const close of closers) close();
    await Promise.all(stops);
    await Promise.all(homes.flatMap((home) => [run(home, ['--stop']), run(home, ['--ephemeral', '--stop'])]));
    rmSync(root, { recursive: true, force: true });
  });
}
