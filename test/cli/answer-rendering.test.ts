// answer-rendering.test.ts: an answer on a terminal: readable at any width, coloured only when asked, never obeyed.

import { renderAnswer } from '../../client/cli/render/answer.ts';
import { columnsOf, jsonLine, plain } from '../../client/cli/terminal/text.ts';
import { answerHtml } from '../../client/cli/render/html.ts';
import { answerMarkdown, type Answer } from '../../protocol/answer.ts';
import { ANSWER, CONTROL, HOSTILE, noColours, withColours } from './support.ts';

test('a reader sees headings, claims with their numbers, gaps, sources with place and quote, and notes', () => {
  const text = renderAnswer(ANSWER, 80, noColours);
  expect(text).toMatch(/^\nRetries\n\n {2}• Lighthouse repeats/);
  expect(text).toMatch(/harbour master\. \[1\]\[2\]\n/);
  expect(text).toMatch(/Not found\n\n {2}– Nothing was found on: tidebook\n/);
  expect(text).toMatch(/ {2}\[1\] lighthouse\.md:11\n {6}“repeated after 4 minutes”\n/);
  expect(text).toContain('[2] rules.pdf p. 2:4\n');
  expect(text).toContain('Note: No model was configured.\n');
});

test('what a text has in ticks is code on a page, whatever stands in it', () => {
  const [section] = ANSWER.sections;
  const claims = [{ text: 'Set `retries` to `<b>2</b>`, not ` or ``', citations: [1] }];
  const page = answerHtml({ ...ANSWER, sections: [{ ...section!, claims }] }, { title: 'Tides', summary: 'done' });
  expect(page).toContain('Set <code>retries</code> to <code>&lt;b&gt;2&lt;/b&gt;</code>, not');
  expect(page).not.toContain('<b>');
});

test('what was not found stands first where all else is only near it, and behind what answers else', () => {
  const shown = (headings: readonly string[]): boolean[] => {
    const [section] = ANSWER.sections;
    const answer = { ...ANSWER, sections: headings.map((heading) => ({ ...section!, heading })) };
    return [
      renderAnswer(answer, 80, noColours),
      answerMarkdown(answer),
      answerHtml(answer, { title: 'Tides', summary: 'done' }),
    ].map((text) => /Not found[^]*Lighthouse repeats/.test(text));
  };
  expect(shown(['Nearest to: How high is it', 'To read on'])).toEqual([true, true, true]);
  expect(shown(['In short', 'Nearest to: How high is it'])).toEqual([false, false, false]);
  expect(answerMarkdown(ANSWER)).toContain('Not found');
});

test.each([30, 40, 72, 100, 250])('no line is wider than a terminal of %d columns', (columns) => {
  const wide: Answer = {
    ...ANSWER,
    notes: ['a-word-without-any-space-that-is-much-longer-than-a-narrow-terminal-is-wide', '漢字'.repeat(60)],
  };
  for (const line of renderAnswer(wide, columns, noColours).split('\n')) {
    expect(columnsOf(line)).toBeLessThan(columns);
  }
});

test('wrapped lines of a claim stand under its first', () => {
  const lines = renderAnswer(ANSWER, 60, noColours).split('\n');
  const first = lines.findIndex((line) => line.startsWith('  • '));
  expect(lines[first + 1]).toMatch(/^ {4}\S/);
});

test('with NO_COLOR nothing but text is written; with colours the same text', () => {
  const bare = renderAnswer(ANSWER, 80, noColours);
  const painted = renderAnswer(ANSWER, 80, withColours);
  expect(bare).not.toMatch(CONTROL);
  expect(painted).toContain('\u001b[1mRetries\u001b[22m');
  expect(plain(painted)).toBe(bare);
});

test('a hostile document can’t drive the terminal through claim, quote, source name, gap or note', () => {
  const hostile: Answer = {
    sections: [{ heading: HOSTILE, claims: [{ text: HOSTILE, citations: [1] }] }],
    citations: [{ source: HOSTILE, sha256: 'a'.repeat(64), quote: HOSTILE, place: { line: 1 } }],
    gaps: [HOSTILE],
    notes: [HOSTILE],
  };
  const text = renderAnswer(hostile, 80, noColours);
  expect(text.replaceAll('\n', '')).not.toMatch(CONTROL);
  expect(text).toContain('safe');
});

test('a hostile document can’t drive the terminal through JSON, and a program still reads its exact words', () => {
  const line = jsonLine({ quote: HOSTILE });
  expect(line.trimEnd()).not.toMatch(CONTROL);
  expect(JSON.parse(line)).toEqual({ quote: HOSTILE });
});
