// main.ts: `muster worker`: says what it is, refuses what it would not read, and runs the worker. Loads no part of it before.

const help = (
  keys: string,
): string => `muster worker: runs tasks of the deployment in this folder until stopped. Has no options: its settings are variables and a file.

  MUSTER_MODEL        model to use; without one, here or in the file, the built-in offline model answers
  OPENAI_API_KEY      its key          OPENAI_BASE_URL   its server, for anything OpenAI-compatible
  MUSTER_CONFIG       a JSON file, with any of these keys:
${keys.replace(/^/gm, ' '.repeat(22))}
  MUSTER_HOME         the .muster folder, instead of the nearest one upward
  MUSTER_STORE_URL    a PostgreSQL database as the store of a fleet, instead of a folder in .muster
  MUSTER_SLOTS        Activities at work at once (default 100)
  TEMPORAL_ADDRESS    the Temporal server, instead of the one of the local stack
  MUSTER_LOG          json or text: how it logs (default: text on a terminal, else json)
  MUSTER_LOG_LEVEL    debug, info, warn or error: least that it logs (default: info)

Example:  MUSTER_MODEL=gpt-5-mini OPENAI_API_KEY=… muster worker
`;

const words = process.argv.slice(2);
const [odd] = words;
if (words.includes('--help') || words.includes('-h')) {
  const [{ configFile }, { default: wrapAnsi }] = await Promise.all([
    import('../protocol/schemas/config.ts'),
    import('wrap-ansi'),
  ]);
  process.stdout.write(help(wrapAnsi(Object.keys(configFile.shape).join(', '), 80)));
} else if (odd === undefined) {
  await import('./process.ts');
} else {
  process.stderr.write(
    `muster worker: there is no option ${odd}\n  Next: muster worker --help; its settings are variables and a file\n`,
  );
  process.exitCode = 2;
}
