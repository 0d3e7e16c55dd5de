// schedules.ts: `muster schedules`: what is asked again and again, and when.

import type { Schedule } from '../../../protocol/schedules.ts';
import { clientConfig } from '../../config.ts';
import { filled, type Command } from '../command.ts';
import { withGateway } from '../gateway-client.ts';
import { withClient } from '../open.ts';
import { scheduleLines } from '../render/schedule-lines.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import type { Io } from '../terminal/io.ts';
import { jsonLine } from '../terminal/text.ts';

interface SchedulesFlags {
  tenant?: string;
  json?: boolean;
}

export const command: Command<SchedulesFlags> = {
  options: [
    { flags: '--tenant <name>', about: 'only schedules of this tenant', read: filled },
    { flags: '--json', about: 'NDJSON: one schedule a line' },
  ],
  examples: ['muster schedules', 'muster schedules --json | jq -r .name'],
  run: (_words, flags, io) => listSchedules(flags, io),
};

export async function listSchedules({ tenant, json }: SchedulesFlags, io: Io): Promise<number> {
  const { gateway } = clientConfig();
  const all = gateway
    ? await withGateway(gateway, io, tenant, (client) => client.schedules())
    : await withClient(io, async (client) => {
        const found: Schedule[] = [];
        for await (const one of client.schedules(tenant === undefined ? {} : { tenant })) found.push(one);
        return found;
      });
  if (all.length === 0 && !json)
    io.say('there are no schedules; muster schedule "0 8 * * 1" "what you want to know" makes one');
  for (const one of all) io.out(json ? jsonLine(one) : scheduleLines(one));
  return EXIT.done;
}
