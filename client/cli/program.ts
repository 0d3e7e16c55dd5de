// program.ts: the command line as commander sees it, made from the table. Only the command that is used is loaded.

import { readFileSync } from 'node:fs';
import { Command as Commander, Option } from 'commander';
import { mistypedVariables } from '../../protocol/mistyped-variables.ts';
import { clientConfig, nameGateway } from '../config.ts';
import { usageError } from './terminal/cli-error.ts';
import type { Command } from './command.ts';
import { withCommandSpan } from './command-span.ts';
import { COMMANDS, OVER_HTTP } from './commands/table.ts';
import type { Io } from './terminal/io.ts';
import { runRoom } from './room-process.ts';

const EXIT_HELP = `
Exit codes:
  0 done   1 failed   2 usage   3 not found   4 not allowed   5 cannot connect
  6 still running   7 cancelled   130 interrupted

Over HTTP:
  muster --url https://muster.example run|start|watch|status|result|list|cancel|tell|pause …
  asks a gateway and needs no Temporal (MUSTER_URL, MUSTER_API_KEY)

Examples:
  muster run "Which retry policies do these clients have?" --docs ./docs
  muster list --state running`;

/** Runs the command line; returns the exit code. Throws CommanderError for help, version and bad usage. */
export async function runProgram(all: string[], io: Io): Promise<number> {
  const argv = withoutUrl(all);
  const named = COMMANDS.find((row) => row.name === argv[0]);
  // Another room's main reads its own arguments, --help among them.
  if (named && 'room' in named) return await runRoom(named.room, argv.slice(1), named.entry);

  let exitCode = 0;
  const program = new Commander('muster')
    .description('Turns a goal into a durable task: planned, worked on by parallel sub-agents, answered with sources.')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show help')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: () => undefined, outputError: () => undefined })
    .addHelpText('after', EXIT_HELP);
  const wanted = new Set(argv.slice(0, 2));
  for (const row of COMMANDS) {
    const sub = program.command(row.name, { hidden: row.hidden === true }).description(row.summary);
    if (!wanted.has(row.name)) continue;
    if ('room' in row) {
      if (argv[0] === 'help') return await runRoom(row.room, ['--help'], row.entry);
      continue;
    }
    describe(sub, await row.load(), io, (code) => (exitCode = code));
  }
  if (argv.length === 0) {
    program.outputHelp();
    return 0;
  }
  // Help for a command that there is not is as wrong as the command.
  const [first, ...others] = argv;
  const isUnknown = first === 'help' && others.length > 0 && !COMMANDS.some(({ name }) => name === others[0]);
  await program.parseAsync(isUnknown ? others : argv, { from: 'user' });
  return exitCode;
}

/** The command line without `--url`, which names the gateway for the command, before or behind it. @throws CliError (usage) */
function withoutUrl(argv: string[]): string[] {
  const end = argv.indexOf('--');
  const at = argv.findIndex((one, i) => (end < 0 || i < end) && /^--url(?:=|$)/.test(one));
  if (at < 0) return argv;
  const [, joined] = /^--url=(.*)$/.exec(argv[at] ?? '') ?? [];
  const url = joined ?? argv[at + 1] ?? '';
  const rest = argv.toSpliced(at, joined === undefined ? 2 : 1);
  if (!URL.canParse(url) || !/^https?:/i.test(url))
    throw usageError(`--url is "${url}"; it must be the http or https address of a gateway`, 'muster --help');
  if (rest[0] === undefined || !OVER_HTTP.includes(rest[0]))
    throw usageError(`--url goes with ${OVER_HTTP.join(', ')}`, 'muster --help');
  nameGateway(url);
  return rest;
}

function describe(sub: Commander, command: Command, io: Io, ended: (code: number) => void): void {
  if (command.arguments) sub.arguments(command.arguments);
  for (const { flags, about, read, choices, hidden } of command.options ?? []) {
    const option = new Option(flags, about);
    if (choices) option.choices(choices);
    if (hidden) option.hideHelp();
    if (read) option.argParser(read as (value: string, earlier: unknown) => unknown);
    sub.addOption(option);
  }
  sub.addHelpText('after', `\nExamples:\n${command.examples.map((example) => `  ${example}`).join('\n')}`);
  sub.action(async () => {
    for (const line of mistypedVariables(clientConfig().environment)) io.say(`muster: ${line}`);
    ended(await withCommandSpan(sub.name(), () => command.run(sub.args, sub.opts() as never, io)));
  });
}

function version(): string {
  // Compiled files lie one folder deeper than their sources.
  const root = import.meta.url.endsWith('.js') ? '../../../' : '../../';
  const file = new URL(`${root}package.json`, import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
