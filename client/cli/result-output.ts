// result-output.ts: prints what a task handed back, in the form that was asked for: for a person, for a pipe, for a program,
// into a file.

import { existsSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import picocolors from 'picocolors';
import { answerMarkdown, type Answer } from '../../protocol/answer.ts';
import { dataMarkdown } from '../../protocol/answer-data.ts';
import type { AnswerSoFar } from '../../protocol/answer-so-far.ts';
import { MAX_MERGED_TOLD } from '../../protocol/limits.ts';
import { mergedInWords } from '../../protocol/merged.ts';
import type { Skipped } from '../../protocol/skipped.ts';
import type { TaskResult } from '../../protocol/result.ts';
import { CliError, usageError } from './terminal/cli-error.ts';
import { filled, type OptionSpec } from './command.ts';
import { EXIT, type ExitCode } from './terminal/exit-codes.ts';
import type { Io } from './terminal/io.ts';
import { renderAnswer } from './render/answer.ts';
import { answerHtml } from './render/html.ts';
import { skippedLines, skippedSummary } from './render/skipped.ts';
import { soFarLine, summaryLine } from './render/summary.ts';
import { jsonLine, jsonText, oneLine, plain } from './terminal/text.ts';

const FORMATS = ['text', 'markdown', 'html', 'json'] as const;
type Format = (typeof FORMATS)[number];

export interface OutputFlags {
  format?: Format;
  json?: boolean;
  output?: string;
  /** Earlier name of `output`. */
  out?: string;
  /** The schema that was asked for with this command. */
  schema?: string;
}

export const OUTPUT_OPTIONS: readonly OptionSpec[] = [
  {
    flags: '--format <format>',
    about:
      'text, markdown, html, or json: the whole result (default: text on a terminal, else markdown; the data alone where a schema was given for it)',
    choices: FORMATS,
  },
  { flags: '--json', about: 'short for --format json; run and watch print every event before it, one a line' },
  {
    flags: '-o, --output <file>',
    about:
      'also write it to this file, in the format, else in the one of its name: .md, .html, .json, .txt (without an ending: markdown); HTML is not shown on a terminal as well',
    read: filled,
  },
  { flags: '--out <file>', about: 'earlier name of --output', hidden: true },
];

/** True where stdout is for a program: then every event is printed there, too. */
export const wantsJson = ({ json, format }: OutputFlags): boolean => json === true || format === 'json';

/** Refuses what can't be printed or written before any work is paid. @throws CliError (usage) */
export function checkOutput({ json, format, output, out }: OutputFlags): void {
  if (json && format !== undefined && format !== 'json')
    throw usageError(`--json and --format ${format} contradict each other`, 'Give one of them.');
  const [path, name] = output === undefined ? [out, '--out'] : [output, '--output'];
  if (path === undefined) return;
  const folder = dirname(resolve(path));
  if (path === '' || !existsSync(folder)) throw usageError(`${name}: there is no folder ${folder}`, 'Make it first.');
  if (existsSync(path) && statSync(path).isDirectory())
    throw usageError(`${name}: ${path} is a folder`, 'Name a file.');
  const ending = extname(path).toLowerCase();
  if (output !== undefined && !json && format === undefined && ending !== '' && !Object.hasOwn(BY_NAME, ending))
    throw usageError(
      `${name}: there is no format for names that end in ${ending}`,
      `End it in ${Object.keys(BY_NAME).join(', ')}, or name a --format, which is written whatever the name.`,
    );
}

/**
 * Prints a result: the answer or the data, or what a failed or cancelled task still has to show.
 * @returns the exit code of a completed task: `failed` where data was asked for alone, and there is none.
 */
export function printResult(result: TaskResult, io: Io, flags: OutputFlags): ExitCode {
  const path = flags.output ?? flags.out;
  const format = flags.json ? 'json' : flags.format;
  const dataAlone = format === undefined && (flags.schema !== undefined || result.data !== undefined);
  const { answer } = result;
  if (format === 'json') {
    io.out(jsonLine({ type: 'result', result }));
  } else if (answer) {
    if (!dataAlone && !isForFileAlone(format, path, io))
      io.out(asText(shownOf(result), format ?? (io.outIsTerminal ? 'text' : 'markdown'), io));
    if (dataAlone && result.data !== undefined) io.out(jsonText(result.data));
    for (const note of [...(result.notes ?? []), ...aboutData(result), ...aboutMerged(result)])
      io.say(oneLine(`note: ${note}`));
    io.say(summaryLine(result), io.messageColours.dim);
  } else if (result.draft) {
    io.say('What was found until then, not checked as a whole:');
    io.out(`${plain(result.draft).trimEnd()}\n`);
  }
  if (path !== undefined && answer)
    write(path, fileText(result, path, flags.out === undefined ? format : 'markdown', dataAlone), result.taskId, io);
  return dataAlone && answer && result.data === undefined ? EXIT.failed : EXIT.done;
}

/** Prints the answer of a task that goes on, with how it stands on stderr. */
export function printSoFar(so: AnswerSoFar, io: Io, flags: OutputFlags): ExitCode {
  const path = flags.output ?? flags.out;
  const format = flags.json ? 'json' : flags.format;
  const { answer, text } = so;
  const shown = { answer, goal: so.goal, summary: soFarLine(so) };
  if (format === 'json') io.out(jsonLine({ type: 'answer_so_far', soFar: so }));
  else if (so.round > 0) {
    if (!isForFileAlone(format, path, io))
      io.out(asText(shown, format ?? (io.outIsTerminal ? 'text' : 'markdown'), io));
  } else if (text) io.out(`${plain(text).trimEnd()}\n`);
  if (path !== undefined && so.round > 0) {
    const meant = format ?? BY_NAME[extname(path).toLowerCase()] ?? 'markdown';
    write(path, meant === 'json' ? jsonText(so) : asText(shown, meant), so.taskId, io);
  }
  io.say(soFarLine(so), io.messageColours.dim);
  return EXIT.done;
}

/** A page of HTML that goes into a file is nothing to read on a terminal. */
const isForFileAlone = (format: Format | undefined, path: string | undefined, io: Io): boolean =>
  format === 'html' && path !== undefined && io.outIsTerminal;

/** What was said of the data, which no answer says. */
const aboutData = ({ coverage, answer }: TaskResult): string[] =>
  coverage.gaps.filter((gap) => /\bdata\b|\bschema\b/.test(gap) && !answer?.gaps.includes(gap));

/** What was not done twice. */
function aboutMerged({ coverage: { merged = [] } }: TaskResult): string[] {
  const more = merged.length < MAX_MERGED_TOLD ? [] : [`No more than ${MAX_MERGED_TOLD} such subtasks are told here.`];
  return [...merged.map(mergedInWords), ...more];
}

/** Columns of text that goes into a file or a pipe. */
const PLAIN_COLUMNS = 100;
const NO_COLOURS = picocolors.createColors(false);

interface Shown {
  answer?: Answer;
  /** Of the request's own schema; absent where none was asked for. */
  data?: unknown;
  goal: string;
  /** In one line. */
  summary: string;
}

function asText({ answer, data, goal, summary }: Shown, format: Exclude<Format, 'json'>, io?: Io): string {
  if (!answer) return '';
  switch (format) {
    case 'text':
      return renderAnswer(
        answer,
        io?.outIsTerminal ? io.outColumns : PLAIN_COLUMNS,
        io?.outIsTerminal ? io.outColours : NO_COLOURS,
        'all',
        data,
      );
    case 'markdown':
      return plain(answerMarkdown(answer, dataMarkdown(data)));
    case 'html':
      return answerHtml(answer, { title: goal, summary, data });
  }
}

const shownOf = (result: TaskResult): Shown => ({
  ...(result.answer ? { answer: result.answer } : {}),
  ...(result.data === undefined ? {} : { data: result.data }),
  goal: result.goal,
  summary: summaryLine(result),
});

function fileText(result: TaskResult, path: string, format: Format | undefined, dataAlone: boolean): string {
  const meant = format ?? BY_NAME[extname(path).toLowerCase()];
  if (dataAlone && format === undefined && (meant === undefined || meant === 'json'))
    return jsonText(result.data ?? null);
  return meant === 'json' ? jsonText(result) : asText(shownOf(result), meant ?? 'markdown');
}

const BY_NAME: Readonly<Record<string, Format>> = {
  '.md': 'markdown',
  '.markdown': 'markdown',
  '.html': 'html',
  '.htm': 'html',
  '.json': 'json',
  '.txt': 'text',
};

/** Prints what of a task's sources was not read. */
export function printSkipped(taskId: string, skipped: Skipped, io: Io, flags: OutputFlags): void {
  if (wantsJson(flags)) return io.out(jsonLine({ type: 'skipped', taskId, ...skipped }));
  io.out(skippedLines(skipped));
  io.say(skippedSummary(skipped), io.messageColours.dim);
}

function write(path: string, text: string, taskId: string, io: Io): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw new CliError(
      EXIT.failed,
      `the answer could not be written to ${path}: ${error instanceof Error ? error.message : String(error)}`,
      `muster result ${taskId} --output <file>`,
      'the answer, in the store.',
    );
  }
  io.say(`wrote ${path}`);
}
