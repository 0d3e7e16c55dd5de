// key.ts: `muster key`: makes, lists and revokes the keys of this deployment's HTTP API.

import { parseArgs } from 'node:util';
import { labelProblem } from '../protocol/label.ts';
import { openStore, storePlace } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { gatewayPlace } from './config.ts';
import { SCOPES, type Scope } from './doors/caller.ts';
import { createKey, listKeys, revokeKey } from './doors/keys.ts';

const HELP = `muster key: the keys of this deployment's HTTP API. Once there is one, every request needs one.

  muster key create --name <name> [--tenant <name>] [--scope <scope>]… [--days <n>]
                      prints the key, which is shown this once; scopes are ${SCOPES.join(', ')}
                      (default: tasks:read and tasks:write), the tenant is default, --days how long it is good
  muster key list     the keys there are, without the keys themselves
  muster key revoke <id>
                      refused everywhere within five seconds

  --json              JSON on stdout

Example:  muster key create --name ci --tenant acme --days 90
`;

const EXIT = { done: 0, failed: 1, usage: 2, notFound: 3 } as const;
const DAY_MS = 86_400_000;

interface Flags {
  name?: string;
  tenant?: string;
  scope?: string[];
  days?: string;
  json?: boolean;
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      tenant: { type: 'string' },
      scope: { type: 'string', multiple: true },
      days: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  const [word, id] = positionals;
  if (values.help || word === undefined) {
    process.stdout.write(HELP);
    return values.help ? EXIT.done : EXIT.usage;
  }
  const { home, environment } = gatewayPlace();
  const store = openStore(storePlace(home, environment));
  try {
    if (word === 'create') return await create(store, values);
    if (word === 'list') return await list(store, values);
    if (word === 'revoke' && id !== undefined) return await revoke(store, id);
    return refuse(`there is no "muster key ${positionals.join(' ')}"; muster key --help`);
  } finally {
    await store.close();
  }
}

async function create(store: Store, { name, tenant = 'default', scope, days, json }: Flags): Promise<number> {
  const scopes = scope ?? ['tasks:read', 'tasks:write'];
  const unknown = scopes.find((one) => !(SCOPES as readonly string[]).includes(one));
  const problem =
    (name === undefined ? 'give it a --name, to know it again' : labelProblem('name', name)) ??
    labelProblem('tenant', tenant) ??
    (unknown === undefined ? undefined : `there is no scope "${unknown}"; there are ${SCOPES.join(', ')}`) ??
    (days === undefined || /^[1-9]\d{0,4}$/.test(days) ? undefined : `--days is "${days}"; it must be a whole number`);
  if (problem !== undefined || name === undefined) return refuse(problem ?? '');
  const { key, record } = await createKey(store, {
    name,
    tenant,
    scopes: scopes as Scope[],
    ...(days === undefined ? {} : { expiresAt: Date.now() + Number(days) * DAY_MS }),
  });
  process.stdout.write(json ? `${JSON.stringify({ key, ...record })}\n` : `${key}\n`);
  say(
    `key ${record.id} for tenant ${tenant}: ${scopes.join(', ')}. It is not shown again; muster key revoke ${record.id} ends it`,
  );
  return EXIT.done;
}

async function list(store: Store, { json }: Flags): Promise<number> {
  for (const one of await listKeys(store)) {
    if (json) process.stdout.write(`${JSON.stringify(one)}\n`);
    else process.stdout.write(`${one.id}  ${stateOf(one)}  ${one.tenant}  ${one.name}  ${one.scopes.join(',')}\n`);
  }
  return EXIT.done;
}

function stateOf({ revokedAt, expiresAt }: { revokedAt?: number; expiresAt?: number }): string {
  if (revokedAt !== undefined) return `revoked ${day(revokedAt)}`;
  if (expiresAt === undefined) return 'good';
  return `${expiresAt <= Date.now() ? 'expired' : 'good until'} ${day(expiresAt)}`;
}

const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

async function revoke(store: Store, id: string): Promise<number> {
  if (await revokeKey(store, id)) {
    say(`key ${id} is revoked: it is refused everywhere within five seconds`);
    return EXIT.done;
  }
  say(`there is no key ${id}\n  Next: muster key list`);
  return EXIT.notFound;
}

function refuse(problem: string): number {
  say(problem);
  return EXIT.usage;
}

function say(text: string): void {
  process.stderr.write(`muster key: ${text}\n`);
}

process.exitCode = await main().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error));
  return error instanceof TypeError ? EXIT.usage : EXIT.failed;
});
