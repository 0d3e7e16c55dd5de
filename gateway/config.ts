// config.ts: what the environment and the command line say to `muster gateway`. The only file of this room that reads them.

import { dirname, isAbsolute, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfigFile, type ConfigFile } from '../protocol/schemas/config.ts';
import type { NotifySettings } from '../protocol/schemas/notify.ts';
import { isAddress } from '../protocol/task.ts';
import { readConfigValue } from '../settings/config-file.ts';
import { logProblems } from '../settings/log-settings.ts';
import { withoutEmptyVariables, type Environment } from '../settings/variables.ts';
import { findHome } from '../store/home.ts';
import { readStack } from '../store/stack-file.ts';
import { otlpSettings, type OtlpSettings } from '../telemetry/metrics/settings.ts';
import type { NamedSource } from './routes/named-sources.ts';

/** The port that it listens at when nothing else is said and it is free. */
const PORT = 8234;
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

export interface GatewayConfig {
  home: string;
  /** Folder that relative paths of requests are taken from. */
  pathsFrom: string;
  host: string;
  /** Only this machine reaches it there. */
  isLoopback: boolean;
  /** Tried in this order. */
  ports: number[];
  configPath: string | undefined;
  sources: Record<string, NamedSource>;
  /** Who may be told of tasks; undefined where the workers may have a config file and the gateway has none. */
  notify: NotifySettings | undefined;
  /** The part "gateway" of the config file, its paths made absolute. */
  settings: ConfigFile['gateway'];
  /** Where its metrics can be read; undefined: nowhere. */
  metrics: { port: number; host: string | undefined } | undefined;
  /** What OTEL_ variables say of them; undefined: they are not sent. */
  otlp: OtlpSettings | undefined;
  minWarmWorkers: number;
  /** Makes answers at once in this process. */
  fast: boolean;
  /** Ends with the process that started it. */
  endsWithParent: boolean;
}

export const HELP = `muster gateway: the HTTP API of the deployment in this folder, until stopped.

  --port <n>          port to listen at (default: ${PORT} when it is free, else any free one)
  --no-fast           no answers at once are made in this process, and no model's key is needed: other workers make them
  --host <address>    address to listen at (default: 127.0.0.1); any other than loopback once there are keys (muster key) or tokens

  MUSTER_MODEL, OPENAI_API_KEY and what else a worker reads (muster worker --help): for answers at once

  MUSTER_CONFIG       a JSON file; "sources" are those that requests may name, "classes" the classes,
                      "gateway" what is taken from whom (docs/http-api.md)
  MUSTER_HOME         the .muster folder, instead of the nearest one upward
  MUSTER_STORE_URL    a PostgreSQL database as the store
  TEMPORAL_ADDRESS    the Temporal server, instead of the one of the local stack
  MUSTER_LOG          json or text: how it logs (default: text on a terminal, else json)
  MUSTER_LOG_LEVEL    debug, info, warn or error: least that it logs (default: info)

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
  let flags: { port?: string; host?: string; 'no-fast'?: boolean; help?: boolean };
  try {
    flags = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string' },
        host: { type: 'string' },
        'no-fast': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    return { problems: [`${said.split('.')[0]}: muster gateway --help names those that there are`] };
  }
  if (flags.help) return { help: HELP };
  const home = findHome(env);
  const host = flags.host ?? '127.0.0.1';
  const problems: string[] = [];
  if (flags.port !== undefined && !(/^\d{1,5}$/.test(flags.port) && Number(flags.port) <= 65_535))
    problems.push(`--port is "${flags.port}"; it must be a port`);
  problems.push(...logProblems(env));
  const fromFile = readConfig(env.MUSTER_CONFIG, problems);
  if (problems.length > 0) return { problems };
  return {
    config: {
      home,
      pathsFrom: pathsFrom(home),
      host,
      isLoopback: LOOPBACK.includes(host),
      ports: flags.port === undefined ? [...portBefore(home), PORT, 0] : [Number(flags.port)],
      configPath: env.MUSTER_CONFIG,
      ...fromFile,
      // Its own workers have the settings of the stack that it is a part of: without a file they can tell nobody.
      notify: fromFile.notify ?? (env.MUSTER_EXIT_WITH_PARENT === undefined ? undefined : { own: [] }),
      otlp: otlpSettings(env),
      fast: fromFile.settings.fast && flags['no-fast'] !== true,
      endsWithParent: env.MUSTER_EXIT_WITH_PARENT !== undefined,
    },
  };
}

/** The folder that holds the home where that is the one of this folder, else this folder itself: a home elsewhere holds no documents. */
function pathsFrom(home: string): string {
  const here = process.cwd();
  return findHome({}, here) === home ? dirname(home) : here;
}

/** Where it listened before it was started again, so that its readers find it. */
function portBefore(home: string): number[] {
  const url = readStack(home)?.gateway?.url;
  return url !== undefined && URL.canParse(url) ? [Number(new URL(url).port)] : [];
}

type FromFile = Pick<GatewayConfig, 'sources' | 'settings' | 'notify' | 'metrics' | 'minWarmWorkers'>;

function readConfig(path: string | undefined, problems: string[]): FromFile {
  const file = path === undefined ? { value: {} } : readConfigValue(path);
  if ('problem' in file) problems.push(file.problem);
  const read = readConfigFile('problem' in file ? {} : file.value);
  if ('config' in read) return settingsOf(read.config, path);
  problems.push(...read.problems.map((problem) => `${path}: ${problem}`));
  return readConfig(undefined, []);
}

function settingsOf({ sources, gateway, ...file }: ConfigFile, path: string | undefined): FromFile {
  const { metrics, minWarmWorkers } = file;
  const absolute = (place: string): string =>
    isAddress(place) || isAbsolute(place) ? place : resolve(dirname(path ?? ''), place);
  return {
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, { path: place, tenants }]) => [
        name,
        { path: absolute(place), ...(tenants ? { tenants } : {}) },
      ]),
    ),
    notify: path === undefined ? undefined : file,
    metrics: metrics?.gateway === undefined ? undefined : { port: metrics.gateway, host: metrics.host },
    minWarmWorkers,
    settings: { ...gateway, ...(gateway.jwt ? { jwt: { ...gateway.jwt, jwks: absolute(gateway.jwt.jwks) } } : {}) },
  };
}
