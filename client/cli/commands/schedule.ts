// schedule.ts: `muster schedule`: asks a question again and again; pauses, resumes, runs now or removes a schedule. Lists are those
// of `muster schedules`.

import { cronProblem, OVERLAPS, type Overlap, type Schedule } from '../../../protocol/schedules.ts';
import { nearName } from '../../../protocol/near-name.ts';
import { clientConfig } from '../../config.ts';
import { RequestRefusedError } from '../../errors.ts';
import { filled, type Command } from '../command.ts';
import { readHttpRequest, withGateway } from '../gateway-client.ts';
import { withClient } from '../open.ts';
import { when } from '../render/schedule-lines.ts';
import { START_OPTIONS, type StartFlags } from '../start-flags.ts';
import { ensureStackReads, readRequest } from '../start-task.ts';
import { usageError } from '../terminal/cli-error.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { jsonLine } from '../terminal/text.ts';
import { listSchedules } from './schedules.ts';

interface ScheduleFlags extends StartFlags {
  timezone?: string;
  overlap?: Overlap;
  name?: string;
}

export const command: Command<ScheduleFlags> = {
  arguments: '<time|list|pause|resume|now|remove> [goal-or-name]',
  options: [
    { flags: '--timezone <name>', about: 'of the IANA database, as Europe/Berlin (default: UTC)', read: filled },
    { flags: '--overlap <policy>', about: 'when a run is still at work (default: skip)', choices: OVERLAPS },
    { flags: '--name <name>', about: 'of the schedule (default: the first words of the goal)', read: filled },
    // A key would make all runs one.
    ...START_OPTIONS.filter(({ flags }) => !flags.startsWith('--key')),
    { flags: '--json', about: 'the schedule as it is then, or the task that was started, as one line of JSON' },
  ],
  examples: [
    'muster schedule "0 8 * * 1" --timezone Europe/Berlin "What changed in the retry policies?" --docs ./docs',
    'muster schedule now what-changed-in-the-retry-policies',
    'muster schedule pause weekly   (resume, remove and list are said the same way)',
  ],
  async run([first = '', ...words], flags, io) {
    if (first === 'list') return await listSchedules(flags, io);
    if (Object.hasOwn(ACTIONS, first)) {
      const [name, ...more] = words;
      if (name === undefined || more.length > 0)
        throw usageError(`muster schedule ${first} takes the name of one schedule`, 'muster schedules shows them.');
      return await ACTIONS[first as keyof typeof ACTIONS](name, flags, io);
    }
    const near = /^[a-z]+$/i.test(first) ? nearName(first, ['list', ...Object.keys(ACTIONS)]) : undefined;
    if (near !== undefined)
      throw usageError(`there is no "muster schedule ${first}"`, `Did you mean muster schedule ${near}?`);
    // Before a stack is started for it.
    const problem = cronProblem(first);
    if (problem) throw new RequestRefusedError(problem);
    const made = await make(first, words, flags, io);
    if (flags.json) io.out(jsonLine(made));
    else {
      io.out(`${made.name}\n`);
      io.say(`runs ${when(made)}; muster schedules shows it, muster schedule now ${made.name} runs it at once`);
      io.say(
        `  It runs while the Temporal server and a worker are up; a time that was missed is made up for within ${flags.overlap === 'all' ? 'an hour' : 'a day'}.`,
      );
    }
    return EXIT.done;
  },
};

async function make(cron: string, words: string[], flags: ScheduleFlags, io: Io): Promise<Schedule> {
  const { timezone, overlap, name } = flags;
  const times = {
    cron,
    ...(timezone === undefined ? {} : { timezone }),
    ...(overlap === undefined ? {} : { overlap }),
    ...(name === undefined ? {} : { name }),
  };
  const { gateway } = clientConfig();
  if (gateway) {
    const asked = await readHttpRequest(words, flags, io);
    return await withGateway(gateway, io, flags.tenant, (client) => client.schedule({ ...asked, ...times }));
  }
  const input = await readRequest(words, flags, io);
  await ensureStackReads(input, flags, io);
  return await withClient(io, (client) => client.schedule({ ...input, ...times }));
}

/** What library and gateway alike can do with one schedule. */
interface Named {
  describe(): Promise<Schedule>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  now(): Promise<string | undefined>;
  remove(): Promise<void>;
}

async function withSchedule<T>(
  name: string,
  { tenant }: ScheduleFlags,
  io: Io,
  work: (one: Named) => Promise<T>,
): Promise<T> {
  const { gateway } = clientConfig();
  if (gateway) return await withGateway(gateway, io, tenant, (client) => work(client.scheduled(name)));
  return await withClient(io, (client) => work(client.scheduled(name, tenant === undefined ? {} : { tenant })));
}

/** Does it, and shows the schedule as it is then. */
const changed =
  (act: (one: Named) => Promise<void>, said: (name: string) => string) =>
  async (name: string, flags: ScheduleFlags, io: Io): Promise<number> => {
    await withSchedule(name, flags, io, async (one) => {
      await act(one);
      if (flags.json) io.out(jsonLine(await one.describe()));
      else io.say(said(name));
    });
    return EXIT.done;
  };

const ACTIONS = {
  pause: changed(
    (one) => one.pause(),
    (name) => `schedule ${name} is paused; runs at work go on (muster schedule resume ${name})`,
  ),
  resume: changed(
    (one) => one.resume(),
    (name) => `schedule ${name} runs again`,
  ),
  async remove(name: string, flags: ScheduleFlags, io: Io): Promise<number> {
    await withSchedule(name, flags, io, (one) => one.remove());
    if (flags.json) io.out(jsonLine({ name, removed: true }));
    else io.say(`schedule ${name} is removed; its tasks stay`);
    return EXIT.done;
  },
  async now(name: string, flags: ScheduleFlags, io: Io): Promise<number> {
    const taskId = await withSchedule(name, flags, io, (one) => one.now());
    if (flags.json) io.out(jsonLine({ taskId: taskId ?? null }));
    else if (taskId !== undefined) io.out(`${taskId}\n`);
    if (taskId === undefined)
      io.say(`schedule ${name} runs; the server has not said yet as which task (muster schedules)`);
    else io.say(`muster watch ${taskId}   follows it`);
    return EXIT.done;
  },
};
