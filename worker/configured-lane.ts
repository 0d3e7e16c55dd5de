// configured-lane.ts: a lane for answers at once as a worker's own configuration has it, for a process that is no worker: it comes
// up behind its caller, and what keeps it from that is said and ends nothing.

import { NativeConnection, Runtime, makeTelemetryFilterString } from '@temporalio/worker';
import { secretsOfMcp } from '../activities/tools/mcp/hide-secrets.ts';
import { temporalSettings } from '../settings/temporal-settings.ts';
import { withoutEmptyVariables, type Environment } from '../settings/variables.ts';
import type { Store } from '../store/store.ts';
import type { ProcessLog } from '../telemetry/process-log.ts';
import { configuredActivities } from './configured-activities.ts';
import { exportTraces } from './export-traces.ts';
import { runFastLane, type FastLane } from './fast-lane.ts';
import { takeOverOrphans } from './orphans.ts';
import { readSettings } from './read-settings.ts';
import { sdkLogger } from './sdk-log.ts';
import { keepTokens } from './task-tokens.ts';

export interface ConfiguredLaneOptions {
  env: Environment;
  store: Store;
  log: ProcessLog;
}

/** The lane, open; its `close` closes all that it was made of. @throws Error with what is wrong with the settings; what the SDK throws */
export async function configuredLane({ env, store, log }: ConfiguredLaneOptions): Promise<FastLane> {
  const say = (line: string): void => log.info(line);
  const read = await readSettings(withoutEmptyVariables(env), { say });
  if ('problems' in read) throw new Error(read.problems.join('; '));
  const { config, home, stackAddress } = read;
  log.hide(secretsOfMcp(config.mcp));
  Runtime.install({
    logger: sdkLogger(log),
    telemetryOptions: {
      logging: { forward: {}, filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) },
    },
    shutdownSignals: [],
  });
  const { namespace, options } = temporalSettings(env, { stackAddress });
  const connection = await NativeConnection.connect(options);
  const tokens = await keepTokens(home, namespace);
  const traces = exportTraces({ store, env, say });
  let made: ReturnType<typeof configuredActivities> | undefined;
  const closeAll = async (): Promise<void> => {
    await tokens.close();
    await made?.close();
    await traces?.stop();
    await connection.close();
  };
  try {
    void takeOverOrphans(home, tokens.folder, connection, say);
    const onEnd = (error: unknown): void =>
      log.error('no answer is made at once here any more: its worker ended', {
        error: error instanceof Error ? error.message : String(error),
      });
    const lane = await runFastLane({ connection, namespace, store, tokens, onEnd }, (as) => {
      made = configuredActivities(config, store, say, traces, as);
      return made.activities;
    });
    traces?.start();
    return {
      ...lane,
      async close() {
        tokens.stopping();
        await lane.close();
        await closeAll();
      },
    };
  } catch (error) {
    await closeAll().catch(() => undefined);
    throw error;
  }
}
