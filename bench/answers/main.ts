// main.ts: `node dist/bench/answers/main.js [--set tune|practice|held-out|fresh] [--only t01,t02] [--folders DIR] [--sheet FILE]
// [--check]`. One JSON line a question on stdout, a summary last; the sheet is for a person who grades.

import { appendFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { Cleanup } from '../cleanup.ts';
import { forgetSettings } from '../deployment.ts';
import { startAsker } from './ask.ts';
import { makeFolders } from './folders.ts';
import { gradeAnswer, type Grade } from './grade.ts';
import { misplaced, readQuestions, SETS, type Question, type SetName } from './questions.ts';
import { sheetEntry } from './sheet.ts';

const { values } = parseArgs({
  options: {
    set: { type: 'string', default: 'tune' },
    only: { type: 'string' },
    folders: { type: 'string' },
    sheet: { type: 'string' },
    check: { type: 'boolean', default: false },
  },
});

async function main(cleanup: Cleanup): Promise<number> {
  const set = values.set as SetName;
  if (!SETS.includes(set)) {
    process.stderr.write(`answers: --set is ${SETS.join(', ')}, not "${values.set}"\n`);
    return 2;
  }
  const only = values.only?.split(',');
  const questions = readQuestions(set).filter(({ id }) => !only || only.includes(id));
  forgetSettings();
  const place = realpathSync(mkdtempSync(join(tmpdir(), 'muster-answers-')));
  cleanup.add(() => rmSync(place, { recursive: true, force: true }));
  const folders = values.folders === undefined ? join(place, 'folders') : resolve(values.folders);
  await makeFolders(new Set(questions.map(({ folder }) => folder)), folders);

  const wrong = misplaced(questions, folders);
  if (wrong.length > 0) {
    process.stderr.write(`answers: not where the questions say: ${wrong.join(', ')}\n`);
    return 1;
  }
  if (values.check) return 0;

  const sheet = resolve(values.sheet ?? join(tmpdir(), `muster-answers-${set}.md`));
  writeFileSync(sheet, `# Answers to the ${set} questions\n\n`);
  const asker = await startAsker(folders, join(place, 'home'), cleanup);
  const graded: Graded[] = [];
  for (const question of questions) {
    const asked = await asker.ask(question.question, question.folder);
    const grade = gradeAnswer(question, asked.answer);
    appendFileSync(sheet, `${sheetEntry(question, asked, grade)}\n`);
    const { failure } = asked;
    print({ id: question.id, folder: question.folder, kind: question.kind, ...grade, failure });
    graded.push({ question, grade });
  }
  print({ set, ...summary(graded) });
  process.stderr.write(`answers: to be graded by a person: ${sheet}\n`);
  return 0;
}

interface Graded {
  question: Question;
  grade: Grade;
}

/** Shares in percent; a gap that is told where none is counts as `needlessGaps`. */
function summary(graded: readonly Graded[]): Record<string, number> {
  const whole = graded.filter(({ question }) => question.gap === undefined);
  const lacking = graded.filter(({ question }) => question.gap !== undefined);
  const all = (flags: boolean[]): boolean => flags.every(Boolean);
  return {
    n: graded.length,
    factsSaid: percent(graded.flatMap(({ grade }) => grade.said)),
    passagesCited: percent(graded.flatMap(({ grade }) => grade.cited)),
    allFactsSaid: percent(graded.flatMap(({ grade }) => (grade.said.length > 0 ? [all(grade.said)] : []))),
    gapsSaid: percent(lacking.map(({ grade }) => grade.gapSaid)),
    needlessGaps: percent(whole.map(({ grade }) => grade.gapSaid)),
    sentences: Math.round((10 * graded.reduce((sum, { grade }) => sum + grade.sentences, 0)) / graded.length) / 10,
  };
}

const percent = (flags: readonly boolean[]): number =>
  Math.round((1_000 * flags.filter(Boolean).length) / Math.max(1, flags.length)) / 10;

const print = (row: object): void => void process.stdout.write(`${JSON.stringify(row)}\n`);

const cleanup = new Cleanup();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => void cleanup.run().finally(() => process.exit(130)));
}
try {
  process.exitCode = await main(cleanup);
} catch (error) {
  if (!cleanup.hasBegun) process.stderr.write(`answers: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
await cleanup.run();
