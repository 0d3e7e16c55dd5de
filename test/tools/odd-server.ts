// odd-server.ts: an MCP server that answers what a test says, as a process or over HTTP, and what it heard.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { mcpTools, type ToolUser } from '../../activities/tools/mcp/mcp-tools.ts';
import { mcpPool, type McpPool } from '../../activities/tools/mcp/pool.ts';
import type { Tool } from '../../activities/tools/tool.ts';
import type { McpServerConfig } from '../../protocol/schemas/tools.ts';
import { resultOf } from './support.ts';

export const FIXTURE = resolve(__dirname, '../fixtures/mcp/odd.mjs');

/** What the fixture understands. */
export interface Odd {
  tools?: unknown;
  /** What leads to the next page, from page to page. */
  cursors?: unknown[];
  /** With which words every page but the first is refused. */
  pageFails?: string;
  start?: unknown;
  result?: unknown;
  raw?: Record<string, object>;
  written?: Record<string, string>;
  byTool?: Record<string, 'long' | 'waits' | 'torn' | 'ends' | 'accepted'>;
  noise?: string[];
  /** Ends during a call, and leaves a helper behind that holds its streams. */
  leaves?: boolean;
  status?: Record<string, number>;
  stream?: boolean;
  stays?: boolean;
  helper?: boolean;
  startAfterMs?: number;
}

export interface OddServer {
  pool: McpPool;
  remarks: string[];
  tools: (user?: Partial<ToolUser>) => Promise<Tool[]>;
  call: (name: string, args?: object) => Promise<{ ok: boolean; content: string }>;
  /** What the server heard, a line each; `start <pid>` for each of its processes. */
  heard: () => Promise<string[]>;
}

const opened: McpPool[] = [];
const started: ChildProcess[] = [];

export async function closeAll(): Promise<void> {
  await Promise.all(opened.splice(0).map((pool) => pool.close()));
  for (const child of started.splice(0)) child.kill('SIGKILL');
}

export const reading = { annotations: { readOnlyHint: true } };
export const lookup = { name: 'lookup', inputSchema: { type: 'object', properties: {} }, ...reading };

export async function oddServer(
  odd: Odd,
  more: Partial<McpServerConfig> & { overHttp?: boolean } = {},
): Promise<OddServer> {
  const { overHttp = false, ...config } = more;
  const { env, heard } = await stateFolder(odd);
  const where = overHttp ? { url: await listen(env) } : { command: process.execPath, args: [FIXTURE], env };
  const pool = mcpPool([{ name: 'gadget', ...where, ...config } as McpServerConfig]);
  opened.push(pool);
  const remarks: string[] = [];
  const { signal } = new AbortController();
  const tools = async (user: Partial<ToolUser> = {}): Promise<Tool[]> => {
    const whole: ToolUser = { signal, about: '', taken: [], waitMs: 60_000, maxBytes: 1_000_000, ...user };
    const found = await mcpTools(pool, { gadget: ['*'] }, whole);
    remarks.splice(0, Infinity, ...found.remarks);
    return found.tools;
  };
  return {
    pool,
    remarks,
    tools,
    call: async (name, args = {}) => await resultOf(await tools(), name, args, { signal }),
    heard,
  };
}

/** What the fixture is started with. */
export async function stateFolder(odd: Odd): Promise<{ env: Record<string, string>; heard: () => Promise<string[]> }> {
  const state = await mkdtemp(join(tmpdir(), 'muster-odd-'));
  const path = join(state, 'heard');
  return {
    env: { STATE: state, ODD: JSON.stringify({ tools: [lookup], ...odd }) },
    heard: async () => (existsSync(path) ? (await readFile(path, 'utf8')).trim().split('\n') : []),
  };
}

async function listen(env: Record<string, string>): Promise<string> {
  const probe = createServer();
  await new Promise<void>((ready) => probe.listen(0, '127.0.0.1', ready));
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  const child = spawn(process.execPath, [FIXTURE], {
    env: { ...env, PORT: String(port), PATH: process.env.PATH },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.push(child);
  await new Promise((ready) => child.stdout?.once('data', ready));
  return `http://127.0.0.1:${port}/mcp`;
}
