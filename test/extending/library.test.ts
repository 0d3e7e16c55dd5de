// library.test.ts: docs/library.md names each method that a client and a task have, and none that there is not.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import * as library from '../../client/index.ts';
import { MusterClient } from '../../client/muster-client.ts';
import { TaskHandle } from '../../client/task-handle.ts';

const DOCS = readFileSync(resolve(__dirname, '../../docs/library.md'), 'utf8');

/** The names in the first column of a section's table. */
const namesIn = (section: string): string[] =>
  [...(DOCS.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '').matchAll(/^\| (`[^|]+) \|/gm)].flatMap(
    ([, cell = '']) => [...cell.matchAll(/`(\w+)[(`]/g)].map(([, name = '']) => name),
  );

const methodsOf = (one: { prototype: object }): string[] =>
  Object.getOwnPropertyNames(one.prototype).filter((name) => name !== 'constructor');

test.each<[string, { prototype: object }, string[]]>([
  ['The client', MusterClient, []],
  // Fields of the handle itself.
  ['A task', TaskHandle, ['taskId']],
])('docs/library.md names under "%s" each method that there is, and no other', (section, one, fields) => {
  // Told beside the method that it is the older name of.
  const names = [...methodsOf(one), ...fields].filter((name) => !(one === TaskHandle && name === 'answer'));
  expect(namesIn(section).sort()).toEqual(names.sort());
});

test('each error that docs/library.md names is one of the library', () => {
  const named = [...new Set(DOCS.match(/\b[A-Z]\w+Error\b/g))];
  expect(named.length).toBeGreaterThan(8);
  for (const name of named)
    expect([name, typeof (library as Record<string, unknown>)[name]]).toEqual([name, 'function']);
});
