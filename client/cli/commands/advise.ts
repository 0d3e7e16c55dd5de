// advise.ts: `muster advise`: how requests of a class should be answered, and the config that has it so; from what was measured, from
// flags, and on a terminal from what a person says.

import { createInterface } from 'node:readline/promises';
import { InvalidArgumentError } from 'commander';
import { QUESTION_KEYS, questionText, type Advice, type QuestionKey, type Told } from '../../../protocol/advise.ts';
import { adviceFor } from '../../class-reports.ts';
import { positive, type Command } from '../command.ts';
import { EXIT } from '../terminal/exit-codes.ts';
import { usageError } from '../terminal/cli-error.ts';
import type { Io } from '../terminal/io.ts';
import { jsonLine, wrap } from '../terminal/text.ts';
import { ofClasses, tableLines } from './class-command.ts';

interface Flags {
  p95?: number;
  rate?: number;
  traffic?: Told['traffic'];
  people?: Told['people'];
  yes?: QuestionKey[];
  no?: QuestionKey[];
  ask: boolean;
  json?: boolean;
}

/** Answered by seconds and rates, not by yes and no. */
const BY_NUMBER: readonly QuestionKey[] = ['long', 'busy'];

const keys = (value: string, earlier: QuestionKey[] = []): QuestionKey[] => [
  ...earlier,
  ...value.split(',').map((one) => {
    const key = QUESTION_KEYS.find((known) => known === one.trim());
    if (key === undefined || BY_NUMBER.includes(key)) throw new InvalidArgumentError(`There are ${SAID.join(', ')}`);
    return key;
  }),
];
const SAID = QUESTION_KEYS.filter((key) => !BY_NUMBER.includes(key));

export const command: Command<Flags> = {
  arguments: '[class]',
  options: [
    { flags: '--p95 <seconds>', about: 'what 95 of 100 take (default: as measured)', read: positive },
    { flags: '--rate <n>', about: 'requests a second (default: as measured)', read: positive },
    { flags: '--traffic <kind>', about: 'how they come', choices: ['steady', 'bursty', 'batch'] },
    { flags: '--people <what>', about: 'whoever asks waits for it, or comes back for it', choices: ['wait', 'return'] },
    { flags: '--yes <keys>', about: `questions to answer with yes: ${SAID.join(', ')}`, read: keys },
    { flags: '--no <keys>', about: 'questions to answer with no', read: keys },
    { flags: '--no-ask', about: 'do not ask what is open' },
    { flags: '--json', about: 'NDJSON: one class a line, with its config' },
  ],
  examples: [
    'muster advise',
    'muster advise quick --people wait --no costly,partial,audit',
    'muster advise standard --p95 12 --json | jq .config',
  ],
  async run([name], flags, io) {
    const both = flags.yes?.find((key) => flags.no?.includes(key));
    if (both !== undefined) throw usageError(`--yes and --no both answer ${both}`, 'Leave it out of one of them.');
    const get = (told: Told): Promise<Advice[]> =>
      ofClasses(
        io,
        name,
        (client) => client.advise(told, name),
        (store, classes) => adviceFor(store, classes, told),
      );
    let told = toldOf(flags);
    let all = await get(told);
    const open = [...new Set(all.flatMap((one) => one.open))].filter((key) => !BY_NUMBER.includes(key));
    if (open.length > 0 && flags.ask && !flags.json && process.stdin.isTTY && io.outIsTerminal) {
      told = { ...told, ...(await asked(open)) };
      all = await get(told);
    }
    for (const one of all) {
      if (flags.json) io.out(jsonLine(one));
      else show(one, io);
    }
    return EXIT.done;
  },
};

function toldOf({ p95, rate, traffic, people, yes = [], no = [] }: Flags): Told {
  return {
    ...(p95 === undefined ? {} : { p95 }),
    ...(rate === undefined ? {} : { rate }),
    ...(traffic === undefined ? {} : { traffic }),
    ...(people === undefined ? {} : { people }),
    ...Object.fromEntries(yes.map((key) => [key, true])),
    ...Object.fromEntries(no.map((key) => [key, false])),
  };
}

/** What a person says; return leaves a question open. */
async function asked(open: readonly QuestionKey[]): Promise<Told> {
  const asks = createInterface({ input: process.stdin, output: process.stderr });
  const said: [QuestionKey, boolean][] = [];
  try {
    for (const key of open) {
      const reply = (await asks.question(`${questionText(key)} [y/n] `)).trim();
      if (/^[yn]/i.test(reply)) said.push([key, /^y/i.test(reply)]);
    }
  } catch (error) {
    // Ctrl-C or Ctrl-D: the rest stays open.
    if ((error as NodeJS.ErrnoException).code !== 'ABORT_ERR') throw error;
  } finally {
    asks.close();
  }
  return Object.fromEntries(said);
}

const VERDICTS: Readonly<Record<Advice['verdict'], string>> = {
  whole: 'answer at once, in one piece',
  streamed: 'answer at once where it fits, streamed',
  async: 'give an id, and let it be picked up',
};

function show({ class: name, verdict, why, dimensions, questions, open, config }: Advice, io: Io): void {
  const line = (text: string): void => io.out(`${text}\n`);
  line(io.outColours.bold(`${name}: ${VERDICTS[verdict]}`));
  for (const one of why) for (const part of wrap(one, io.outColumns - 2)) line(`  ${part}`);
  line('');
  for (const row of tableLines(
    ['dimension', 'what is so', 'points to', 'from'],
    dimensions.map((one) => [one.name, one.value, one.says, one.from]),
    4,
  ))
    line(`  ${row}`);
  line('');
  for (const { key, question, answer, from } of questions)
    line(
      `  ${answer === undefined ? '?  ' : answer ? 'yes' : 'no '}  ${key.padEnd(8)} ${question}${from === 'nobody' ? '' : ` (${from})`}`,
    );
  if (open.length > 0)
    line(`\n  open: ${open.join(', ')}; --yes and --no answer them, --people, --rate and --traffic the others`);
  line(`\n  in the config file:\n  ${JSON.stringify(config)}\n`);
}
