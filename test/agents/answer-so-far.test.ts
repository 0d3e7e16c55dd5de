// What an answer so far is written from, with a store and without a server.

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAnswer } from '../../activities/synthesize.ts';
import type { Finding } from '../../protocol/findings.ts';
import type { LogRecord } from '../../protocol/log-records.ts';
import { NO_COVERAGE } from '../../protocol/coverage.ts';
import { canonicalJson } from '../../protocol/schemas/hash.ts';
import { NO_USAGE } from '../../protocol/usage.ts';
import { fileStore } from '../../store/file-store.ts';

const findingOf = (id: string): Finding => ({
  id,
  claim: `claim of ${id}`,
  citations: [{ source: 'a.md', sha256: 'a'.repeat(64), quote: `quote of ${id}`, place: { line: 1 } }],
});

test('what a sub-agent at work has reported is in the answer so far, and what it has not is not', async () => {
  const store = fileStore(mkdtempSync(join(tmpdir(), 'muster-so-far-')));
  const log = await store.claimLog<LogRecord>({ run: 'r', subtask: 's2', generation: 2 });
  for (const seq of [1, 2, 3]) await log.append({ t: 'finding', seq, finding: findingOf(`s2/g2/${seq}`) });
  const { answer } = await writeAnswer(
    { store, models: { inOrder: () => [] } as never },
    {
      run: 'r',
      goal: 'g',
      found: [
        {
          subtask: 's1',
          title: 'one',
          missing: [],
          findingsRef: await store.putBlob(canonicalJson([findingOf('s1/g1/1')])),
        },
        { subtask: 's2', title: 'two', missing: [], reported: { generation: 2, count: 2 } },
        { subtask: 's3', title: 'three', missing: ['nothing of it'] },
      ],
      coverage: { ...NO_COVERAGE, gaps: ['“three” is not done yet.'] },
      headings: [],
      limits: { turns: 1, tokens: 1, seconds: 1, callIdleSeconds: 1 },
      retry: { maxAttempts: 1, baseMs: 1, capMs: 1 },
    },
    { usage: NO_USAGE } as never,
    new AbortController().signal,
    { plain: 'No model was asked.' },
  );
  await log.close();
  expect(answer.sections).toMatchObject([
    { heading: 'one', claims: [{ text: 'claim of s1/g1/1', citations: [1] }] },
    {
      heading: 'two',
      claims: [
        { text: 'claim of s2/g2/1', citations: [2] },
        { text: 'claim of s2/g2/2', citations: [3] },
      ],
    },
  ]);
  expect(answer.citations.map(({ quote }) => quote)).toEqual(
    ['s1/g1/1', 's2/g2/1', 's2/g2/2'].map((id) => `quote of ${id}`),
  );
  expect(answer.gaps).toEqual(['nothing of it', '“three” is not done yet.']);
  expect(answer.notes).toEqual(['No model was asked.']);
});
