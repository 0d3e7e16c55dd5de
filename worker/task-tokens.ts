// task-tokens.ts: the tokens of the Activities that this process works on, kept where the next worker on this host finds
// them. A Unix socket that answers shows that the process lives and the tokens are its own. Takes over nothing itself.

import { closeSync, mkdirSync, openSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { hostname, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Context } from '@temporalio/activity';
import type { ActivityInboundCallsInterceptor } from '@temporalio/worker';
import { makeFolderSync } from '../store/make-folder.ts';
import { ownMark, type ProcessMark } from '../store/process-mark.ts';

/** Who keeps a folder of tokens. */
export interface TokenOwner {
  host: string;
  mark: ProcessMark;
  /** Address of the socket that answers while the owner lives. */
  socket: string;
  namespace: string;
}

/** One line of the file: work began, or is surely over. */
export type TokenLine = { token: string; workflowId: string; runId: string } | { over: string };

export const OWNER_FILE = 'owner.json';
export const TOKENS_FILE = 'tokens.ndjson';
/** There when the owner was asked to stop: what it had in hand then did not kill it. */
export const STOPPING_FILE = 'stopping';

/** What Temporal calls a worker, unless it is told otherwise. */
export const identityOf = ({ mark, host }: Pick<TokenOwner, 'mark' | 'host'>): string => `${mark.pid}@${host}`;

/** The server learns of an Activity’s end a little after its code ended: until then its token is still valid. */
const LINGER_MS = 10_000;
/** The file is written anew when it has this many lines that are over. */
const COMPACT_AFTER = 2_000;

export interface TokenKeeper {
  /** For `createWorker`: notes the token of each Activity before it runs. */
  interceptor(context: Context): ActivityInboundCallsInterceptor;
  /** Folder of this process's own tokens: no orphan. */
  readonly folder: string;
  /** Notes that this process was asked to end. Never throws. */
  stopping(): void;
  /** Removes the tokens: this worker released its work itself. */
  close(): Promise<void>;
}

/**
 * Begins to keep tokens under `home`.
 * @throws Error of the file system when the home can't be written.
 */
export async function keepTokens(home: string, namespace: string): Promise<TokenKeeper> {
  const name = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const folder = join(home, 'workers', name);
  makeFolderSync(folder);
  const { server, socket } = await listen(name);
  writeFileSync(
    join(folder, OWNER_FILE),
    JSON.stringify({ host: hostname(), mark: ownMark(), socket, namespace } satisfies TokenOwner),
  );
  const file = join(folder, TOKENS_FILE);
  const held = new Map<string, TokenLine>();
  let over = 0;
  let to = openSync(file, 'a', 0o600);
  let open = true;

  // No fsync: what must survive is this process's death, not the machine's, where the time-outs do the same later.
  // On a full disk the work goes on without: its successor waits for the time-outs then.
  const write = (line: TokenLine): void => {
    try {
      if (open) writeSync(to, `${JSON.stringify(line)}\n`);
    } catch {
      open = false;
    }
  };
  const release = (token: string): void => {
    held.delete(token);
    write({ over: token });
    over += 1;
    if (over < COMPACT_AFTER || !open) return;
    over = 0;
    try {
      writeFileSync(`${file}.new`, [...held.values()].map((line) => `${JSON.stringify(line)}\n`).join(''), {
        mode: 0o600,
      });
      renameSync(`${file}.new`, file);
      closeSync(to);
      to = openSync(file, 'a', 0o600);
    } catch {
      open = false;
    }
  };

  return {
    folder,
    interceptor: ({ info }) => ({
      async execute(input, next) {
        const token = Buffer.from(info.taskToken).toString('base64');
        const { workflowId = '', runId = '' } = info.workflowExecution ?? {};
        const line = { token, workflowId, runId };
        held.set(token, line);
        write(line);
        try {
          return await next(input);
        } finally {
          setTimeout(() => release(token), LINGER_MS).unref();
        }
      },
    }),
    stopping() {
      try {
        writeFileSync(join(folder, STOPPING_FILE), '');
      } catch {
        // On a full disk a worker that has to be killed after this counts as one that died.
      }
    },
    async close() {
      open = false;
      closeSync(to);
      rmSync(folder, { recursive: true, force: true });
      await new Promise((done) => server.close(done));
    },
  };
}

/** Under the system's folder for such things, by a short name: a socket's address has about 100 characters. */
async function listen(name: string): Promise<{ server: Server; socket: string }> {
  const socket = process.platform === 'win32' ? `\\\\.\\pipe\\muster-${name}` : join(socketFolder(), `${name}.sock`);
  const server = createServer((caller) => caller.end());
  await new Promise<void>((ready, failed) => {
    server.once('error', failed);
    server.listen(socket, ready);
  });
  server.unref();
  return { server, socket };
}

function socketFolder(): string {
  const folder = join(tmpdir(), `muster-${userInfo().username}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}
