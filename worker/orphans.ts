// orphans.ts: work whose worker died on this host goes on at once, not after the heartbeat time-out: its tokens are
// failed, so that the server dispatches the work again, and its Workflows leave the dead worker's sticky queue.
// Touches only tokens whose owner is proved dead; a worker that is only stopped keeps its own.

import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ActivityNotFoundError, AsyncCompletionClient } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { NativeConnection } from '@temporalio/worker';
import { mayLive, ownMark } from '../store/process-mark.ts';
import { identityOf, OWNER_FILE, STOPPING_FILE, TOKENS_FILE, type TokenLine, type TokenOwner } from './task-tokens.ts';

export interface TakenOver {
  /** Activities dispatched again. */
  activities: number;
  /** Workflows whose sticky queue was reset. */
  workflows: number;
}

/**
 * Never throws. Has the work of this host's dead workers dispatched again. Safe beside other workers that start at the same moment: one
 * of them gets each folder.
 *
 * @param own folder of this process's own tokens.
 * @param say told of what could not be taken over; that waits for its heartbeat time-out.
 */
export async function takeOverOrphans(
  home: string,
  own: string,
  connection: NativeConnection,
  say: (line: string) => void,
): Promise<TakenOver> {
  const folder = join(home, 'workers');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const taken = await Promise.all(
    names.map(async (name): Promise<TakenOver> => {
      const at = join(folder, name);
      try {
        const owner = ownerOf(at);
        if (at === own || !owner) return NOTHING;
        if (!(await isDead(owner))) {
          if (isForgotten(at, owner)) rmSync(at, { recursive: true, force: true });
          return NOTHING;
        }
        const mine = `${at}.taken-by-${process.pid}`;
        // Another starting worker may be first: then there is nothing left to rename.
        renameSync(at, mine);
        const done = await failTokens(tokensOf(mine), owner.namespace, connection, say);
        rmSync(mine, { recursive: true, force: true });
        return done;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
          say(
            `the work of a dead worker waits for its time-outs: ${error instanceof Error ? error.message : String(error)}`,
          );
        return NOTHING;
      }
    }),
  );
  return taken.reduce(
    (sum, one) => ({
      activities: sum.activities + one.activities,
      workflows: sum.workflows + one.workflows,
    }),
    NOTHING,
  );
}

/**
 * Identities of this host's workers that died since their folders were last taken over: not with the host, and not when
 * they were asked to stop. To be asked before the folders are taken over.
 */
export async function deadWorkers(home: string, own: string): Promise<string[]> {
  const folder = join(home, 'workers');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const found = await Promise.all(
    names.map(async (name) => {
      const at = join(folder, name);
      const owner = at === own ? undefined : ownerOf(at);
      if (!owner || owner.mark.place !== ownMark().place || existsSync(join(at, STOPPING_FILE))) return [];
      return (await isDead(owner)) ? [identityOf(owner)] : [];
    }),
  );
  return found.flat();
}

const NOTHING: TakenOver = { activities: 0, workflows: 0 };

/** Who kept these tokens; undefined when the folder is none of ours, or of another host. */
function ownerOf(folder: string): TokenOwner | undefined {
  const file = join(folder, OWNER_FILE);
  if (!existsSync(file)) return undefined;
  const owner = JSON.parse(readFileSync(file, 'utf8')) as TokenOwner;
  // On a shared disk another host's process can't be proved dead from here.
  return owner.host === hostname() ? owner : undefined;
}

/**
 * Proof, not suspicion: its socket refuses, or the socket is gone and so is the process. Of containers that bear one host's
 * name each has folders and processes of its own: there a socket that is not seen proves nothing.
 */
async function isDead({ socket, mark }: TokenOwner): Promise<boolean> {
  const answer = await new Promise<string>((settle) => {
    const caller = connect(socket);
    caller.setTimeout(2_000, () => settle('silent'));
    caller.once('connect', () => settle('alive'));
    caller.once('error', (error: NodeJS.ErrnoException) => settle(error.code ?? 'unknown'));
    caller.once('close', () => caller.destroy());
  });
  if (answer === 'ECONNREFUSED') return true;
  return answer === 'ENOENT' && !mayLive(mark);
}

/** Longer than any Activity may run: what was held then has been dispatched again by its time-outs. */
const FORGOTTEN_MS = 2 * 86_400_000;

/** Of a place that is no more, as the machine before it was started anew: nobody could prove its worker dead any more. */
const isForgotten = (folder: string, { mark }: TokenOwner): boolean =>
  mark.place !== ownMark().place && statSync(join(folder, TOKENS_FILE)).mtimeMs < Date.now() - FORGOTTEN_MS;

/** Tokens that are not surely over. A torn last line belongs to an Activity that had not begun. */
function tokensOf(folder: string): Extract<TokenLine, { token: string }>[] {
  const held = new Map<string, Extract<TokenLine, { token: string }>>();
  for (const text of readFileSync(join(folder, TOKENS_FILE), 'utf8').split('\n')) {
    if (!text.endsWith('}')) continue;
    const line = JSON.parse(text) as TokenLine;
    if ('over' in line) held.delete(line.over);
    else held.set(line.token, line);
  }
  return [...held.values()];
}

async function failTokens(
  lines: readonly Extract<TokenLine, { token: string }>[],
  namespace: string,
  connection: NativeConnection,
  say: (line: string) => void,
): Promise<TakenOver> {
  const completion = new AsyncCompletionClient({ connection, namespace });
  const workflows = new Map(lines.map(({ workflowId, runId }) => [runId, workflowId]));
  const failed = await Promise.all(
    lines.map(async ({ token, workflowId }) => {
      try {
        await completion.fail(Buffer.from(token, 'base64'), orphaned());
        return 1;
      } catch (error) {
        // Over already, or dispatched again by its time-out: both are what is wanted.
        if (!(error instanceof ActivityNotFoundError))
          say(
            `work of ${workflowId} waits for its heartbeat time-out: ${error instanceof Error ? error.message : String(error)}`,
          );
        return 0;
      }
    }),
  );
  // The Workflow Task that reacts would wait for the dead worker's own queue first.
  const reset = await Promise.allSettled(
    [...workflows].map(([runId, workflowId]) =>
      connection.workflowService.resetStickyTaskQueue({ namespace, execution: { workflowId, runId } }),
    ),
  );
  return {
    activities: failed.reduce<number>((sum, one) => sum + one, 0),
    workflows: reset.filter(({ status }) => status === 'fulfilled').length,
  };
}

// The pause of the retry policy is for work that fails by itself; this was only interrupted.
const orphaned = (): ApplicationFailure =>
  ApplicationFailure.create({
    type: 'Interrupted',
    message: 'its worker died; another goes on at the last call that had ended',
    nextRetryDelay: 1,
  });
