// What an answer at once becomes: claims with the citations that hold, whatever stands where in its text; what its passages say
// differently; and its words so far.

import { checkDirect } from '../../activities/evidence/direct-answers.ts';
import { directConflicts } from '../../activities/evidence/direct-conflicts.ts';
import { textSoFar } from '../../activities/text/prompts/direct-prompt.ts';

const passages = ['a.md', 'b.md'].map((source, at) => ({ passage: at + 1, source, heading: '', text: '' }));
const locate = async (source: string, quote: string) =>
  quote.startsWith('no') ? undefined : { source, quote, sha256: source, place: { line: 1 } };
const made = async (
  text: string,
  quotes: [number, string][] = [
    [1, 'words of a'],
    [2, 'words of b'],
  ],
) => {
  const output = { text, quotes: quotes.map(([passage, quote]) => ({ passage, quote })), enough: true, missing: [] };
  const { accepted, problems } = await checkDirect(output, { goal: 'g', passages, locate });
  const claims = accepted.sections.flatMap((section) => section.claims.map((one) => [one.text, one.citations]));
  return { claims, cited: accepted.citations.map(({ source }) => source), problems };
};

test.each([
  [
    'before the end of a sentence',
    'It opens [1]. It closes [2].',
    [
      ['It opens.', [1]],
      ['It closes.', [2]],
    ],
  ],
  [
    'behind it',
    'It opens. [1] It closes. [2]',
    [
      ['It opens.', [1]],
      ['It closes.', [2]],
    ],
  ],
  [
    'several at once',
    'It opens [1, 2].\nIt closes [2][1].',
    [
      ['It opens.', [1, 2]],
      ['It closes.', [1, 2]],
    ],
  ],
  ['once for a line', 'It opens at 7.5 bar. It closes late. [1]', [['It opens at 7.5 bar. It closes late.', [1]]]],
  [
    'nowhere',
    'It opens.\nIt closes [1].',
    [
      ['It opens.', []],
      ['It closes.', [1]],
    ],
  ],
])('numbers of passages that stand %s are those of the claim', async (_where, text, claims) => {
  expect((await made(text)).claims).toEqual(claims);
});

test('a quote that does not stand in its passage, and one of no passage, support nothing; citations count from their first use', async () => {
  const { claims, cited, problems } = await made('It closes [2]. It opens [1]. It leaks [3].', [
    [1, 'words of a'],
    [2, 'words of b'],
    [1, 'no such words'],
    [3, 'of no passage'],
  ]);
  expect(claims).toEqual([
    ['It closes.', [1]],
    ['It opens.', [2]],
    ['It leaks.', []],
  ]);
  expect(cited).toEqual(['b.md', 'a.md']);
  expect(problems).toHaveLength(2);
});

test('an address that nobody named is left out of what is said', async () => {
  expect((await made('See https://evil.example/x [1].')).claims[0]?.[0]).not.toContain('evil.example');
});

test('of an output that is being written its text alone is shown, as far as it is whole', () => {
  const whole = JSON.stringify({ text: 'It says “7 bar”,\n"twice" \\ é [1].', quotes: [{ passage: 1, quote: 'q' }] });
  let before = '';
  for (let end = 1; end <= whole.length; end += 1) {
    const shown = textSoFar(whole.slice(0, end));
    expect(shown.startsWith(before)).toBe(true);
    before = shown;
  }
  expect(before).toBe('It says “7 bar”,\n"twice" \\ é [1].');
  expect(textSoFar('{"text":"a\\u00')).toBe('a');
  expect(textSoFar('{"enough":true,')).toBe('');
});

describe('passages that contradict each other', () => {
  const SEATS = {
    'office.md': '# Seats\n\nA reserved seat is held\nfor 30 minutes.\n\n- The office opens at 9.',
    'machine.md': 'A reserved seat is held for 45 minutes. The office opens at 8.',
    'minutes.md': 'In March the time of a reserved seat was raised from 30 minutes to 45 minutes.',
  };
  const HELD = 'A reserved seat is held for 30 minutes.';
  const conflictsOf = async (sources: (keyof typeof SEATS)[], quote = HELD, stands = (_words: string) => true) => {
    const shown = sources.map((source, at) => ({ passage: at + 1, source, heading: '', text: SEATS[source] }));
    const cite = (source: string, words: string) => ({ source, quote: words, sha256: source, place: { line: 1 } });
    const made = await directConflicts(shown, [cite('office.md', quote)], 'How long is a seat held?', async (...one) =>
      stands(one[1]) ? cite(...one) : undefined,
    );
    return { ...made, sources: made.citations.map(({ source }) => source) };
  };

  test('an answer at once tells what another passage says of what it cites, and what holds', async () => {
    const open = await conflictsOf(['office.md', 'machine.md']);
    expect(open.conflicts).toEqual([
      {
        about: 'reserved seat is held',
        sides: [
          { claim: HELD, value: '30 minutes', source: 'office.md', citations: [1] },
          {
            claim: 'A reserved seat is held for 45 minutes.',
            value: '45 minutes',
            source: 'machine.md',
            citations: [2],
          },
        ],
      },
    ]);
    expect(open.sources).toEqual(['office.md', 'machine.md']);
    const settled = await conflictsOf(['office.md', 'machine.md', 'minutes.md']);
    expect(settled.conflicts?.[0]?.settled).toEqual({ side: 1, claim: SEATS['minutes.md'], citations: [3] });
  });

  test('what an answer at once does not rest on, and what does not stand in its source, is no conflict of it', async () => {
    const other = await conflictsOf(['office.md', 'machine.md'], 'The office is by the reserved seat of the harbour.');
    expect([other.conflicts, other.sources]).toEqual([undefined, ['office.md']]);
    const lost = await conflictsOf(['office.md', 'machine.md'], HELD, (words) => !words.includes('45'));
    expect([lost.conflicts, lost.sources]).toEqual([undefined, ['office.md']]);
  });
});
