// main.ts: `muster gateway`: the HTTP API as a process of its own.

import { dirname } from 'node:path';
import { connect } from '../client/connect.ts';
import { MusterError } from '../client/errors.ts';
import type { MusterClient } from '../client/muster-client.ts';
import { accessLog } from './access-log.ts';
import { gatewayConfig, type GatewayConfig } from './config.ts';
import { createGateway } from './create-gateway.ts';
import { keyDoor } from './doors/key-door.ts';
import { listKeys } from './doors/keys.ts';
import { serveGateway } from './serve.ts';

async function main(): Promise<number> {
  const read = gatewayConfig();
  if ('help' in read) {
    process.stdout.write(read.help);
    return 0;
  }
  if ('problems' in read) {
    say(`the gateway can't start:\n${read.problems.map((problem) => `  - ${problem}`).join('\n')}`);
    return 2;
  }
  const client = await connect({ home: read.config.home, warn: say });
  try {
    await serve(read.config, client);
    return 0;
  } finally {
    await client.close().catch(() => undefined);
  }
}

async function serve(
  { home, host, isLoopback, ports, configPath, sources, settings, endsWithParent }: GatewayConfig,
  client: MusterClient,
): Promise<void> {
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
  const gateway = createGateway({
    client,
    authenticate: keyDoor(store, { isLoopback, jwt }),
    sources,
    origins,
    admission,
    limits,
    tenants,
    ...(uploadBytes === undefined ? {} : { uploadBytes }),
    ...(settings.accessLog ? { onRequest: accessLog() } : {}),
    pathsFrom: dirname(home),
    ...(isOpen ? { hosts: ['127.0.0.1', 'localhost', '[::1]'] } : {}),
    ...(configPath === undefined ? {} : { configPath }),
    onError: (error) => say(error instanceof Error ? (error.stack ?? error.message) : String(error)),
  });
  const served = await serveGateway(gateway, host, ports);
  if (isOpen) say('no keys are there: it listens on loopback alone, and whoever is on this machine may use it');
  process.stdout.write(`ready pid=${process.pid} url=${served.url}\n`);
  await stopped;
  await served.close();
}

function untilStopped(endsWithParent: boolean): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done());
    // Orphaned by its supervisor's death, it would keep the port from the next one.
    if (endsWithParent) process.stdin.resume().on('end', () => done());
  });
}

function say(text: string): void {
  process.stderr.write(`muster gateway: ${text}\n`);
}

process.exitCode = await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  if (error instanceof MusterError && error.hint) say(`  Next: ${error.hint}`);
  return error instanceof MusterError ? 5 : 1;
});
process.exit();
