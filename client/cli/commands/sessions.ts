// sessions.ts: `muster sessions`: questions that were asked in a row, and what each saw of those before it.

import type { SessionQuestion, SessionSummary } from '../../../protocol/session.ts';
import { clientConfig } from '../../config.ts';
import { filled, type Command } from '../command.ts';
import { withGateway } from '../gateway-client.ts';
import { withClient } from '../open.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { counted, duration, jsonLine, oneLine } from '../terminal/text.ts';

interface SessionsFlags {
  tenant?: string;
  json?: boolean;
}

/** What the library and its HTTP client can both say of sessions. */
interface Sessions {
  list(): Promise<SessionSummary[]>;
  one(id: string): Promise<SessionSummary & { asked: SessionQuestion[] }>;
}

export const command: Command<SessionsFlags> = {
  arguments: '[name]',
  options: [
    { flags: '--tenant <name>', about: 'whose sessions (default: of all; of a named one, default)', read: filled },
    { flags: '--json', about: 'NDJSON: one session a line, or one question of the session that is named' },
  ],
  examples: ['muster sessions', 'muster sessions pump --json | jq -r .taskId'],
  async run([name], { tenant, json }, io) {
    return await withSessions(io, tenant, async (sessions) => {
      if (name !== undefined) {
        const { asked } = await sessions.one(name);
        for (const question of asked) io.out(json ? jsonLine(question) : `${questionLines(question).join('\n')}\n`);
        return EXIT.done;
      }
      const all = await sessions.list();
      if (all.length === 0 && !json) io.say('there are no sessions; muster run --session NAME asks a question of one');
      for (const one of all) io.out(json ? jsonLine(one) : `${sessionLine(one)}\n`);
      return EXIT.done;
    });
  },
};

async function withSessions<T>(
  io: Io,
  tenant: string | undefined,
  work: (sessions: Sessions) => Promise<T>,
): Promise<T> {
  const { gateway } = clientConfig();
  if (gateway)
    return await withGateway(gateway, io, tenant, (client) =>
      work({ list: () => client.sessions(), one: (id) => client.session(id) }),
    );
  const of = tenant === undefined ? {} : { tenant };
  return await withClient(io, (client) =>
    work({ list: () => client.sessions(of), one: (id) => client.session(id, of) }),
  );
}

const sessionLine = ({ id, questions, lastAt, taskId, tenant }: SessionSummary): string =>
  oneLine(
    [
      id,
      counted(questions, 'question'),
      `the last ${duration(Date.now() - lastAt)} ago`,
      ...(tenant === 'default' ? [] : [`tenant ${tenant}`]),
      taskId,
    ].join(' · '),
  );

function questionLines({ n, taskId, goal, resolved, outcome, sees, open = [] }: SessionQuestion): string[] {
  const words = goal === undefined ? '(nothing of it is kept any more)' : oneLine(goal);
  return [
    `${n}. ${words}`,
    ...(resolved === undefined ? [] : [`   understood as: ${oneLine(resolved)}`]),
    `   ${goal === undefined ? 'gone' : (outcome ?? 'at work')} · ${taskId}${seenWords(sees, open)}`,
  ];
}

/** What it saw, in words; empty where that is nothing. */
export function seenWords(sees: readonly string[], open: readonly string[]): string {
  const parts = [
    ...(sees.length > 0 ? [counted(sees.length, 'earlier answer')] : []),
    ...(open.length > 0 ? [`${counted(open.length, 'question')} still at work`] : []),
  ];
  return parts.length === 0 ? '' : ` · saw ${parts.join(' and ')}`;
}
