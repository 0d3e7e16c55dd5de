// config.ts: what the environment and the command line say to `muster gateway`. The only file of this room that reads them.

import { dirname, isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfigFile, type ConfigFile } from '../protocol/schemas/config.ts';
import { isAddress } from '../protocol/task.ts';
import { readConfigValue } from '../settings/config-file.ts';
import { withoutEmptyVariables, type Environment } from '../settings/variables.ts';
import { findHome } from '../store/home.ts';
import { readStack } from '../store/stack-file.ts';
import type { NamedSource } from './routes/named-sources.ts';

/** The port that it listens at when nothing else is said and it is free. */
const PORT = 8234;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

export interface GatewayConfig {
  home: string;
  host: string;
  /** Only this machine reaches it there. */
  isLoopback: boolean;
  /** Tried in this order. */
  ports: number[];
  configPath: string | undefined;
  sources: Record<string, NamedSource>;
  /** The part "gateway" of the config file, its paths made absolute. */
  settings: ConfigFile['gateway'];
  /** Ends with the process that started it. */
  endsWithParent: boolean;
}

export const HELP = `muster gateway: the HTTP API of the deployment in this folder, until stopped.

  --port <n>          port to listen at (default: ${PORT} when it is free, else any free one)
  --host <address>    address to listen at (default: 127.0.0.1); any other than loopback once there are keys (muster key) or tokens

  MUSTER_CONFIG       a JSON file; "sources" are those that requests may name, "classes" the classes,
                      "gateway" what is taken from whom (docs/http-api.md)
  MUSTER_HOME         the .muster folder, instead of the nearest one upward
  MUSTER_STORE_URL    a PostgreSQL database as the store
  TEMPORAL_ADDRESS    the Temporal server, instead of the one of the local stack

Example:  muster gateway --port 8234
`;

/** Where the deployment is. */
export function gatewayPlace(): { home: string; environment: Environment } {
  const environment = withoutEmptyVariables(process.env);
  return { home: findHome(environment), environment };
}

/** What to do; or every problem, in words. */
export function gatewayConfig(
  args: readonly string[] = process.argv.slice(2),
  environment: Readonly<Record<string, string | undefined>> = process.env,
): { config: GatewayConfig } | { problems: string[] } | { help: string } {
  const env = withoutEmptyVariables(environment);
  let flags: { port?: string; host?: string; help?: boolean };
  try {
    flags = parseArgs({
      args: [...args],
      options: { port: { type: 'string' }, host: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    }).values;
  } catch (error) {
    return { problems: [error instanceof Error ? error.message : String(error)] };
  }
  if (flags.help) return { help: HELP };
  const home = findHome(env);
  const host = flags.host ?? '127.0.0.1';
  const problems: string[] = [];
  if (flags.port !== undefined && !(/^\d{1,5}$/.test(flags.port) && Number(flags.port) <= 65_535))
    problems.push(`--port is "${flags.port}"; it must be a port`);
  const { sources, settings } = readConfig(env.MUSTER_CONFIG, problems);
  if (problems.length > 0) return { problems };
  return {
    config: {
      home,
      host,
      isLoopback: LOOPBACK.includes(host),
      ports: flags.port === undefined ? [...portBefore(home), PORT, 0] : [Number(flags.port)],
      configPath: env.MUSTER_CONFIG,
      sources,
      settings,
      endsWithParent: env.MUSTER_EXIT_WITH_PARENT !== undefined,
    },
  };
}

/** Where it listened before it was started again, so that its readers find it. */
function portBefore(home: string): number[] {
  const url = readStack(home)?.gateway?.url;
  return url !== undefined && URL.canParse(url) ? [Number(new URL(url).port)] : [];
}

type FromFile = Pick<GatewayConfig, 'sources' | 'settings'>;

function readConfig(path: string | undefined, problems: string[]): FromFile {
  const file = path === undefined ? { value: {} } : readConfigValue(path);
  if ('problem' in file) problems.push(file.problem);
  const read = readConfigFile('problem' in file ? {} : file.value);
  if ('config' in read) return fromFile(read.config, path);
  problems.push(...read.problems.map((problem) => `${path}: ${problem}`));
  return readConfig(undefined, []);
}

function fromFile({ sources, gateway }: ConfigFile, path = ''): FromFile {
  const absolute = (place: string): string =>
    isAddress(place) || isAbsolute(place) ? place : resolve(dirname(path), place);
  return {
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, { path: place, tenants }]) => [
        name,
        { path: absolute(place), ...(tenants ? { tenants } : {}) },
      ]),
    ),
    settings: { ...gateway, ...(gateway.jwt ? { jwt: { ...gateway.jwt, jwks: absolute(gateway.jwt.jwks) } } : {}) },
  };
}
