// cli.ts: the simulator as a command: its flags, its one line when ready, its clean end.

import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { planProblem, type FaultPlan } from './fault-plan.ts';
import { reportLines } from './request-report.ts';
import { startSimulator, type SimulatorOptions } from './server.ts';

const HELP = `An OpenAI-compatible model server with no model behind it: extractive, deterministic, offline.

Usage: muster simulate [options]

  --port N             port to listen on (default: any free one)
  --host ADDRESS       address to listen on (default: 127.0.0.1)
  --latency MS         wait this long before the first byte of an answer (default: 0)
  --token-ms MS        pause for each token of a streamed answer (default: 0)
  --model NAME         the model's name (default: muster-offline)
  --models A,B         further names it answers to
  --require-key KEY    refuse requests with another API key
  --plan FILE          a fault plan (JSON): faults and latency by seed; a report of what was asked at the end
  --log FILE           append one JSON line a request (no bodies, no keys)
  --exit-with-parent   end when standard input closes
  --help               show this

Prints "listening on http://HOST:PORT/v1" when ready. Faults for tests: POST /_simulator/faults, PUT
/_simulator/plan; what was asked: GET /_simulator/report. All of it: docs/offline-model.md.
`;

/** The process that the command runs in, as far as it matters. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  /** Ends when the command should: a signal, or the parent's end. */
  ended(options: { withParent: boolean }): Promise<void>;
}

/** Runs the command to its end. Returns the exit code: 0 ended as asked, 1 could not listen, 2 bad usage. */
export async function runSimulator(argv: string[], io: CommandIo): Promise<number> {
  let options: SimulatorOptions;
  let withParent: boolean;
  try {
    const parsed = parse(argv);
    if (parsed === 'help') {
      io.out(HELP);
      return 0;
    }
    ({ options, withParent } = parsed);
  } catch (error) {
    io.err(`simulate: ${(error as Error).message}\n  Next: muster simulate --help\n`);
    return 2;
  }
  const ended = io.ended({ withParent });
  try {
    const simulator = await startSimulator(options);
    io.out(`listening on ${simulator.url}\n`);
    await ended;
    await simulator.close();
    if (options.plan) io.out(`${reportLines(simulator.report()).join('\n')}\n`);
    return 0;
  } catch (error) {
    io.err(`simulate: could not listen: ${(error as Error).message}\n`);
    return 1;
  }
}

function parse(argv: string[]): 'help' | { options: SimulatorOptions; withParent: boolean } {
  const { values } = parseArgs({
    args: argv,
    options: {
      port: { type: 'string' },
      host: { type: 'string' },
      latency: { type: 'string' },
      'token-ms': { type: 'string' },
      model: { type: 'string' },
      models: { type: 'string' },
      'require-key': { type: 'string' },
      plan: { type: 'string' },
      log: { type: 'string' },
      'exit-with-parent': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) return 'help';
  const options: SimulatorOptions = { keepBodies: false };
  if (values.port !== undefined) options.port = number('--port', values.port, 65_535);
  if (values.latency !== undefined) options.latencyMs = number('--latency', values.latency, 86_400_000);
  if (values['token-ms'] !== undefined) options.tokenMs = number('--token-ms', values['token-ms'], 60_000);
  if (values.host !== undefined) options.host = values.host;
  if (values.model !== undefined) options.model = values.model;
  if (values.models !== undefined) options.models = values.models.split(',').filter((name) => name !== '');
  if (values['require-key'] !== undefined) options.requireKey = values['require-key'];
  if (values.log !== undefined) options.log = values.log;
  if (values.plan !== undefined) options.plan = readPlan(values.plan);
  return { options, withParent: values['exit-with-parent'] === true };
}

function readPlan(file: string): FaultPlan {
  let plan: unknown;
  try {
    plan = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`--plan ${file} can't be read as JSON: ${(error as Error).message}`, { cause: error });
  }
  const problem = planProblem(plan);
  if (problem) throw new Error(`--plan ${file}: ${problem}`);
  return plan as FaultPlan;
}

function number(flag: string, text: string, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(value <= max)) throw new Error(`${flag} must be a whole number from 0 to ${max}, not ${JSON.stringify(text)}`);
  return value;
}
