// Each link of README and docs to a file of this repository leads somewhere, and each anchor to a heading that is there.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const pagesOf = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !name.includes('node_modules'))
    .map((name) => join(folder, name));
const pages = ['README.md', ...['docs', 'examples', 'bench'].flatMap(pagesOf)];

/** What stands in code leads nowhere and heads nothing. */
const wordsOf = (page: string): string => readFileSync(page, 'utf8').replace(/^ *```[^]*?^ *```/gm, '');

/** As GitHub makes them: of two headings alike the second one's ends with "-1". */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const [, heading = ''] of wordsOf(page).matchAll(/^#{1,6} +(.+)$/gm)) {
    const slug = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    let anchor = slug;
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}

/** What of a page leads nowhere. */
function deadLinksOf(page: string): string[] {
  const path = join(ROOT, page);
  return [
    ...wordsOf(path)
      .replace(/`[^`\n]*`/g, '')
      .matchAll(/\]\(([^)\s]+)\)/g),
  ]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : resolve(dirname(path), file);
      if (!existsSync(target)) return true;
      return anchor !== undefined && !anchorsOf(target).has(anchor);
    });
}

test.each(pages)('each link of %s leads to a file and a heading that are there', (page) => {
  expect(deadLinksOf(page)).toEqual([]);
});
