// main.ts: `muster gateway`: the HTTP API as a process of its own.

import { connect } from '../client/connect.ts';
import { MusterError } from '../client/errors.ts';
import type { MusterClient } from '../client/muster-client.ts';
import type { Store } from '../store/store.ts';
import { spanSender } from '../telemetry/otlp.ts';
import { traceSettings } from '../telemetry/trace-settings.ts';
import type { LogFields } from '../protocol/log-line.ts';
import { mistypedVariables } from '../protocol/mistyped-variables.ts';
import { METRICS, tellingWhere } from '../settings/listen-problem.ts';
import { logSettings } from '../settings/log-settings.ts';
import { SettingError } from '../settings/setting-error.ts';
import { withoutEmptyVariables } from '../settings/variables.ts';
import { openProcessLog } from '../telemetry/process-log.ts';
import { accessLines } from './access-log.ts';
import { gatewayConfig, type GatewayConfig } from './config.ts';
import { createGateway } from './create-gateway.ts';
import { keyDoor } from './doors/key-door.ts';
import { listKeys } from './doors/keys.ts';
import { laneBehind } from './fast-lane.ts';
import { showMetrics } from './gateway-metrics.ts';
import type { RequestSpans } from './request-spans.ts';
import { serveGateway } from './serve.ts';

const environment = withoutEmptyVariables(process.env);
const log = openProcessLog('gateway', environment, logSettings(environment));

async function main(): Promise<number> {
  for (const line of mistypedVariables(environment)) log.warn(line);
  const read = gatewayConfig();
  if ('help' in read) {
    process.stdout.write(read.help);
    return 0;
  }
  if ('problems' in read) {
    log.refuse(`the gateway can't start:\n${read.problems.map((problem) => `  - ${problem}`).join('\n')}`);
    return 2;
  }
  const client = await connect({ home: read.config.home, warn: (line) => log.warn(line) });
  try {
    await serve(read.config, client);
    return 0;
  } finally {
    await client.close().catch(() => undefined);
  }
}

async function serve(config: GatewayConfig, client: MusterClient): Promise<void> {
  const { pathsFrom, host, isLoopback, ports, configPath, sources, settings, notify, endsWithParent } = config;
  const stopped = untilStopped(endsWithParent);
  const { store } = client;
  if (!store) throw new MusterError('the store of this deployment can’t be read from here', 'Set MUSTER_STORE_URL.');
  const { jwt, origins, admission, limits, tenants, uploadBytes } = settings;
  const isOpen = !jwt && (await listKeys(store)).length === 0;
  if (isOpen && !isLoopback)
    throw new MusterError(
      `--host is "${host}", and there are no keys: without keys the gateway listens on loopback alone`,
      'muster key create --name NAME',
    );
  const logged = settings.accessLog ? accessLines(log) : undefined;
  const spans = await configuredSpans(store);
  let isServing = (): void => undefined;
  const serving = new Promise<void>((done) => (isServing = done));
  const fastLane = config.fast ? laneBehind({ env: environment, store, log }, serving) : undefined;
  const gateway = createGateway({
    client,
    ...(fastLane ? { fastLane } : {}),
    authenticate: keyDoor(store, { isLoopback, jwt }),
    sources,
    origins,
    admission,
    limits,
    tenants,
    ...(uploadBytes === undefined ? {} : { uploadBytes }),
    onRequest: (entry) => {
      logged?.(entry);
      spans?.add(entry);
    },
    pathsFrom,
    ...(isOpen ? { hosts: ['127.0.0.1', 'localhost', '[::1]'] } : {}),
    ...(configPath === undefined ? {} : { configPath }),
    ...(notify ? { notify } : {}),
    onError: (error) => log.error('something went wrong', errorFields(error)),
  });
  const shown = await showMetrics(config, client, store, (line) => log.info(line)).catch(tellingWhere(METRICS));
  const served = await serveGateway(gateway, host, ports).catch(tellingWhere({ port: '--port', host: '--host' }));
  if (isOpen) log.info('no keys are there: it listens on loopback alone, and whoever is on this machine may use it');
  process.stdout.write(`ready pid=${process.pid} url=${served.url}\n`);
  isServing();
  await stopped;
  // Streams first: their readers go on elsewhere while what is at work here ends.
  await served.close();
  await fastLane?.close();
  await shown.close();
  await spans?.close();
}

/** Loads nothing where no variable asks for traces. */
async function configuredSpans(store: Store): Promise<RequestSpans | undefined> {
  const traces = traceSettings(environment, (line) => log.warn(line));
  if (!traces) return undefined;
  const { requestSpans } = await import('./request-spans.ts');
  const sender = spanSender(traces, 'muster-gateway', (text) => log.without(text));
  return requestSpans({ store, sender, sampler: traces.sampler, say: (line) => log.warn(line) });
}

function untilStopped(endsWithParent: boolean): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
    // Orphaned by its supervisor's death, it would keep the port from the next one.
    if (endsWithParent) process.stdin.resume().on('end', () => done());
  });
}

function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  return { error: error.message, ...(error.stack ? { stack: error.stack } : {}) };
}

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof MusterError || error instanceof SettingError)) {
    log.write('fatal', error instanceof Error ? error.message : String(error), errorFields(error));
    return 1;
  }
  log.refuse(error.message, error.hint);
  return 5;
});
process.exit();
