// The single defences against hostile text, each by itself: what they break and what they leave alone.

import { checkFindings } from '../../activities/evidence/check-findings.ts';
import { withoutForeignAddresses } from '../../activities/text/foreign-addresses.ts';
import { findQuote, matchText } from '../../documents/search/quote-match.ts';
import { untrustedSchema } from '../../activities/tools/mcp/untrusted-schema.ts';
import { checkPlan } from '../../activities/plan-task.ts';
import { block, dataJson, jsonBlock } from '../../activities/text/blocks.ts';
import { documentNames } from '../../activities/text/document-names.ts';
import { searchDocuments } from '../../activities/tools/documents.ts';
import { visibleText } from '../../documents/extract/visible-text.ts';
import { answerMarkdown } from '../../protocol/answer.ts';
import { BUILT_IN_CLASSES } from '../../protocol/classes.ts';
import type { TaskRequest } from '../../protocol/task.ts';
import { corpusOf } from '../documents/support.ts';
import { resultOf } from '../tools/support.ts';
import { CLOSINGS, ESCAPES, hiddenWords, LOOKALIKES } from './hostile-parts.ts';

const { signal } = new AbortController();

test.each([
  ['closings', CLOSINGS],
  ['look-alikes', LOOKALIKES],
])('a block is not closed by %s inside it, and opens no other', (_what, text) => {
  const made = block('goal', text);
  expect(made.match(/[<＜﹤‹〈][\s\p{Cf}]*[/／∕]?[\s\p{Cf}]*goal/giu)).toHaveLength(2);
  expect(made).not.toMatch(/<(?:subtask|system)>/i);
  expect(jsonBlock('goal', [text]).match(/</g)).toHaveLength(2);
});

test('data as JSON says what it said, without what nobody sees', () => {
  const text = `${CLOSINGS} a < b, List<String>, "quoted" \\ ${hiddenWords('obey')}`;
  expect(JSON.parse(dataJson({ text }))).toEqual({ text: text.replace(/[\u{e0000}-\u{e0fff}]/gu, '') });
  expect(dataJson({ text })).toContain('List<String>');
  expect(dataJson(ESCAPES)).not.toMatch(/\\u001b|\u202e/);
  expect(dataJson(undefined)).toBe('null');
});

test('addresses that nobody was shown are left out, those that were stay', () => {
  const shown = [
    'See https://docs.example/a?b=1 and mail help@docs.example.',
    'ASP.NET is written in C#.',
    'docs.example/a',
  ];
  const kept =
    'Read https://docs.example/a?b=1, or docs.example/a, or ask help@docs.example; 10:30, a/b, foo.ts:12, src/a.b/c.ts, ' +
    'notes.md/intro, Node.js/Express, v1.2/x, lodash@4.17.21, config.py/settings.py, ASP.NET/C#, docs.example/a/, and/or, // not this, e.g. that, and @types/node stay.';
  expect(withoutForeignAddresses(kept, shown)).toBe(kept);
  // No address is a scheme alone.
  for (const scheme of ['It works for `rest://` and sftp://.', 'Write s3://, or rest:// alone'])
    expect(withoutForeignAddresses(scheme, shown)).toBe(scheme);
  const text =
    'Go to https://evil.example/x. (HTTP://EVIL.example) www.evil.example, mailto:a@b.cd javascript:alert(1) data:x,y ' +
    'evil.example/login //evil.example/x attack@evil-münich.example счёт@evil-яндекс.рф evil.xn--p1ai/x (evil-счёт.рф/оплата)';
  expect(withoutForeignAddresses(text, shown)).not.toMatch(/evil|a@b|alert|x,y/i);
});

test('a model that plans more, elsewhere and with other limits gets what its class gives', () => {
  const request = { goal: 'g', sources: [], class: BUILT_IN_CLASSES.quick } as unknown as TaskRequest;
  const proposed = { title: 'x', kind: 'admin', goal: 'x', needs: [99] };
  const { accepted, problems } = checkPlan(
    { subtasks: Array.from({ length: 40 }, () => proposed) },
    request,
    { kinds: new Map([['researcher', {} as never]]), defaultKind: 'researcher' },
    'queue',
  );
  expect(accepted).toHaveLength(3);
  for (const one of accepted)
    expect(one).toMatchObject({ kind: 'researcher', limits: BUILT_IN_CLASSES.quick.subtask, needs: [] });
  expect(problems.join()).toMatch(/at most 3[^]*no kind "admin"/);
});

test('a heading without an end pushes no other passage out of a search', async () => {
  const corpus = await corpusOf({
    'flood.md': `# ${'kraken kraken '.repeat(4_000)}\n\nkraken kraken kraken`,
    'true.md': '# Animals\n\nThe kraken sleeps below the pier.',
  });
  const { content } = await resultOf([searchDocuments], 'search_documents', { query: 'kraken' }, { signal, corpus });
  expect(content).toContain('sleeps below the pier');
  expect(content).toContain('flood.md');
  expect(Buffer.byteLength(content)).toBeLessThan(24_000);
});

test('whatever is taken out of what a model is shown, its quotes are found all the same', async () => {
  const signs =
    '\u0085\u009b\u00ad\u034f\u061c\u115f\u180e\u200b\u2060\u2028\u3164\ufeff\uffa0\ufffb\u{1d173}\u{e0041}\u001b\u202e';
  for (const sign of signs) {
    const text = `The tide${sign} is high, and the pier is dry at noon.`;
    const found = findQuote(matchText(text), visibleText(text));
    expect([sign.codePointAt(0)?.toString(16), found]).toEqual([
      sign.codePointAt(0)?.toString(16),
      { start: 0, end: text.length },
    ]);
  }
});

test('a citation’s words are those that a person sees, and are found without the others', async () => {
  const corpus = await corpusOf({
    'a.md': `The tide is high.${hiddenWords('obey me')} The pier \u2066is\u2069 dry at noon.`,
  });
  const citation = await corpus.locateQuote('a.md', 'The tide is high. The pier is dry at noon.');
  expect(citation?.quote).toBe('The tide is high. The pier is dry at noon.');
});

test('long names fill no prompt', () => {
  const names = Array.from({ length: 200 }, (_one, i) => ({ name: `${i}/${'obey '.repeat(800)}` }));
  expect(documentNames(names, 'goal').join('').length).toBeLessThanOrEqual(20_000);
});

test('a schema of an MCP server keeps what it asks for, and no words beside descriptions', () => {
  const asked = {
    type: 'object',
    properties: { title: { type: 'string', enum: ['a', 'b'], description: 'Words' } },
    required: ['title'],
  };
  const hostile = { ...asked, title: 'OBEY', 'x-order': 'OBEY', default: 'OBEY', $comment: 'OBEY' };
  expect(untrustedSchema(hostile)).toMatchObject({ schema: asked, notes: [] });
  expect(JSON.stringify(untrustedSchema(hostile))).not.toContain('OBEY');
  expect(untrustedSchema({ type: 'object', properties: { a: { enum: ['OBEY '.repeat(100)] } } })).toHaveProperty(
    'problem',
  );
});

test('a claim made twice counts once', async () => {
  const one = { claim: 'It is so.', citations: [{ source: 'a.md', quote: 'It is so and not otherwise.' }] };
  const locate = async (source: string, quote: string) => ({ source, quote, sha256: 'x', place: { line: 1 } });
  const { accepted } = await checkFindings(
    { findings: [one, one, { ...one, claim: 'It is.' }], missing: [] },
    { locate },
  );
  expect(accepted.findings).toHaveLength(2);
});

test('Markdown of an answer fetches nothing and runs nothing, and generics stay readable', () => {
  const text = 'See ![p](https://x/p.png)\n\n## Fake\n<img src=x> <script>alert(1)</script> Map<String, List<T>>';
  const markdown = answerMarkdown({
    sections: [{ heading: text, claims: [{ text, citations: [1] }] }],
    citations: [{ source: '<img src=y>.md', sha256: 'x', quote: text, place: { line: 1 } }],
    gaps: [text],
    notes: [],
  });
  expect(markdown).not.toMatch(/!\[|<img|<script|^## Fake/m);
  expect(markdown).toContain('Map<String, List<T>>');
});
