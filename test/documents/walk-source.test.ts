import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { walkSource } from '../../documents/sources/walk-source.ts';
import { SOURCE_LIMITS } from '../../documents/sources/source-limits.ts';
import { folderOf, temporaryFolder } from './support.ts';

const walk = (
  path: string,
  { roots = [path], ...chosen }: { include?: string[]; exclude?: string[]; roots?: string[] } = {},
) => walkSource({ kind: 'path', path, ...chosen }, roots);

const namesOf = (found: { files: { name: string }[] }): string[] => found.files.map(({ name }) => name);

test('a walk finds the text files of a folder and says why it left out the others', async () => {
  const folder = await folderOf({
    'a.md': 'one',
    'deep/b.txt': 'two',
    'photo.png': 'x',
    'package-lock.json': '{}',
    '.env': 'TOKEN=1',
    '.cache/c.md': 'three',
    'node_modules/pkg/readme.md': 'four',
    'server.pem': 'key',
    '.git/config': 'x',
  });
  const found = await walk(folder);
  expect(namesOf(found)).toEqual(['a.md', 'deep/b.txt']);
  const reasons = new Map(found.skipped.named.map(({ path, reason }) => [path, reason]));
  expect(reasons.get('photo.png')).toContain('.png');
  expect(reasons.get('package-lock.json')).toBe('lock file');
  expect(reasons.get('.env')).toBe('hidden file');
  expect(reasons.get('.cache/')).toBe('hidden folder');
  expect(reasons.get('node_modules/')).toContain('unless it is named');
  expect(reasons.get('server.pem')).toBe('may hold a secret');
  expect(reasons.has('.git/')).toBe(false);
});

test('a packed file is told as one that is not read, unless it was not wanted', async () => {
  const folder = await folderOf({
    'a.md': 'one',
    'manual.txt.gz': 'x',
    'photo.png': 'x',
    'old.zip': 'x',
    '.gitignore': 'old.zip',
  });
  const { skipped } = await walk(folder);
  expect(skipped.lost).toEqual([{ path: 'manual.txt.gz', reason: 'no text is read from .gz files; unpack it' }]);
  expect(skipped.named.map(({ path }) => path)).toEqual(expect.arrayContaining(['photo.png', 'old.zip']));
});

test('a walk keeps to the .gitignore of each folder, and to none above the named one', async () => {
  const folder = await folderOf({
    '.gitignore': 'named/\n*.tmp.md\n',
    'named/.gitignore': '/private\n*.draft.md\n!kept.draft.md\n',
    'named/a.md': '1',
    'named/b.draft.md': '2',
    'named/kept.draft.md': '3',
    'named/private/c.md': '4',
    'named/deep/private/d.md': '5',
  });
  const found = await walk(join(folder, 'named'), { roots: [folder] });
  expect(namesOf(found)).toEqual(['a.md', 'deep/private/d.md', 'kept.draft.md']);
  expect(found.skipped.named).toContainEqual({ path: 'private/', reason: 'ignored by .gitignore', ignored: true });
});

test.each(['node_modules', 'dist'])('a folder called %s is read when somebody names it', async (name) => {
  const folder = await folderOf({
    [`${name}/readme.md`]: '1',
    [`${name}/inner/${name}/copy.md`]: '2',
  });
  const found = await walk(join(folder, name), { roots: [folder] });
  expect(namesOf(found)).toEqual([`inner/${name}/copy.md`, 'readme.md']);
});

test.each([
  ['the store', '.muster/store/blobs'],
  ['the home of the store', '.muster'],
  ['a file of the home', '.muster/store/deployment'],
  ['a home of another name', 'state'],
  ['the store of a home of another name', 'state/store/blobs/aa'],
  ['a store in a place of its own', 'kept/logs'],
  ['the home of tasks that are kept in PostgreSQL', 'elsewhere/stack.json'],
  ['a dot file', '.env'],
  ['a dot file further down', 'app/.env.local'],
  ['a dot folder', '.ssh'],
  ['a folder below a dot folder', 'app/.cache/pages'],
  ['a repository', '.git/config'],
  ['a dot file that is not there', '.npmrc'],
  ['a link to the store', 'innocent'],
  ['a link into a dot folder', 'pages.md'],
  ['a way through other folders to a dot file', 'app/../.env'],
])('a request that names %s is refused before anything is read', async (_what, way) => {
  const folder = await folderOf({
    '.muster/store/deployment': '0123abcd',
    '.muster/store/blobs/aa/x': 'somebody’s answer',
    'state/store/deployment': '0123abcd\n',
    'state/store/blobs/aa/x': 'somebody’s answer',
    'kept/deployment': '0123abcd',
    'kept/logs/x': 'somebody’s answer',
    'elsewhere/stack.json': '{"v":1}',
    '.env': 'TOKEN=1',
    'app/.env.local': 'TOKEN=1',
    '.ssh/config': 'x',
    'app/.cache/pages/a.md': 'x',
    '.git/config': 'x',
  });
  await symlink('state/store', join(folder, 'innocent'));
  await symlink('app/.cache/pages/a.md', join(folder, 'pages.md'));
  await expect(walk(`${folder}/${way}`, { roots: [folder] })).rejects.toMatchObject({
    type: 'SourceNotAllowed',
    message: expect.stringContaining(hostname()) as string,
  });
});

test('a walk reads nothing of what Muster keeps, whatever its folder is called and whatever leads there', async () => {
  const folder = await folderOf({
    'a.md': '1',
    'state/store/deployment': '0123abcd',
    'state/notes.md': 'x',
    'kept/deployment': '0123abcd',
    'kept/b.md': 'x',
    'deployment/c.md': '2',
    'store/d.md': '3',
  });
  await symlink('state', join(folder, 'link'));
  expect(namesOf(await walk(folder))).toEqual(['a.md', 'deployment/c.md', 'store/d.md']);
});

test('a dot folder that is allowed by name is read, but for the dot folders in it; a store never is', async () => {
  const folder = await folderOf({
    '.notes/a.md': '1',
    '.notes/.private/b.md': '2',
    'kept/deployment': '0123abcd',
    'kept/blobs/c.md': '3',
    '.git/d.md': '4',
  });
  const roots = [folder, join(folder, '.notes'), join(folder, 'kept/blobs'), join(folder, '.git')];
  expect(namesOf(await walk(join(folder, '.notes'), { roots }))).toEqual(['a.md']);
  for (const never of ['kept/blobs', '.git'])
    await expect(walk(join(folder, never), { roots })).rejects.toMatchObject({ type: 'SourceNotAllowed' });
});

test('a file that is allowed by name is read, and nothing beside it; in a dot folder it is not', async () => {
  const folder = await folderOf({
    'docs/a.md': '1',
    'docs/b.md': '2',
    '.ssh/config': '3',
    '.ssh/keys/a.md': '4',
    '.env': '5',
    '.notes/open.md': '6',
  });
  const roots = ['docs/a.md', '.ssh/config', '.ssh/keys/a.md', '.env'].map((name) => join(folder, name));
  expect(namesOf(await walk(join(folder, 'docs/a.md'), { roots }))).toEqual(['a.md']);
  for (const refused of ['docs/b.md', 'docs', '.ssh/config', '.ssh/keys/a.md', '.ssh', '.env'])
    for (const more of [[], [folder]])
      if (!(refused.startsWith('docs') && more.length > 0))
        await expect(walk(join(folder, refused), { roots: [...roots, ...more] })).rejects.toMatchObject({
          type: 'SourceNotAllowed',
        });
  // A folder that is allowed by name may have its files allowed beside it.
  const both = [join(folder, '.notes'), join(folder, '.notes/open.md')];
  expect(namesOf(await walk(join(folder, '.notes/open.md'), { roots: both }))).toEqual(['open.md']);
});

test('a request that includes patterns gets only the files that they select', async () => {
  const folder = await folderOf({ 'a.md': '1', 'docs/b.md': '2', 'docs/c.txt': '3', 'docs/old/d.md': '4' });
  expect(namesOf(await walk(folder, { include: ['docs/**/*.md', '!docs/old/**'] }))).toEqual(['docs/b.md']);
  expect(namesOf(await walk(folder, { include: ['*.txt'] }))).toEqual(['docs/c.txt']);
});

test('a named file is read alone, whatever ignore rules say of it', async () => {
  const folder = await folderOf({ 'package-lock.json': '{}', 'other.md': 'x' });
  const found = await walk(join(folder, 'package-lock.json'), { roots: [folder] });
  expect(namesOf(found)).toEqual(['package-lock.json']);
});

test('a path outside the allowed roots is refused in words that name the path, the roots, the setting and the host', async () => {
  const folder = await folderOf({ 'a.md': '1' });
  const root = await temporaryFolder();
  const refusal = await walk(folder, { roots: [root] }).catch((error: unknown) => error);
  expect(refusal).toMatchObject({ type: 'SourceNotAllowed' });
  const { message } = refusal as Error;
  for (const part of [folder, root, '"roots"', 'MUSTER_CONFIG', '--docs', hostname()]) expect(message).toContain(part);
});

test.each(['..', '../sibling', 'inside-link'])('a path that leads out of the roots by %s is refused', async (way) => {
  const folder = await folderOf({ 'root/a.md': '1', 'sibling/b.md': '2', 'root-too/c.md': '3' });
  await symlink(join(folder, 'sibling'), join(folder, 'root/inside-link'));
  const roots = [join(folder, 'root')];
  await expect(walk(`${folder}/root/${way}`, { roots })).rejects.toMatchObject({ type: 'SourceNotAllowed' });
  await expect(walk(join(folder, 'root-too'), { roots })).rejects.toMatchObject({ type: 'SourceNotAllowed' });
});

test('a caller learns what is missing inside the roots, and nothing of what exists outside', async () => {
  const folder = await folderOf({ 'root/a.md': '1', 'secret.md': '2' });
  const roots = [join(folder, 'root')];
  const missing = walk(join(folder, 'root/nope/deeper'), { roots });
  await expect(missing).rejects.toMatchObject({
    type: 'SourceNotFound',
    message: expect.stringContaining(hostname()) as string,
  });
  for (const outside of ['secret.md', 'nothing-here.md']) {
    await expect(walk(join(folder, outside), { roots })).rejects.toMatchObject({ type: 'SourceNotAllowed' });
  }
});

test('a walk follows links inside the roots once, and neither in circles nor out of them', async () => {
  const folder = await folderOf({
    'docs/a.md': '1',
    'shared/b.md': '2',
    'outside/c.md': '3',
    'shared/.private/d.md': '4',
  });
  await mkdir(join(folder, 'docs/deep'));
  await symlink('..', join(folder, 'docs/deep/loop'));
  await symlink('../shared', join(folder, 'docs/shared'));
  await symlink('../shared', join(folder, 'docs/shared-again'));
  await symlink('a.md', join(folder, 'docs/0-alias.md'));
  await symlink('../outside', join(folder, 'docs/away'));
  await symlink('../shared/.private', join(folder, 'docs/private'));
  await symlink('nowhere', join(folder, 'docs/dangling'));
  const found = await walk(join(folder, 'docs'), { roots: [join(folder, 'docs'), join(folder, 'shared')] });
  expect(namesOf(found)).toEqual(['a.md', 'shared/b.md']);
  const left = found.skipped.named.map(({ path }) => path);
  expect(left).toEqual(expect.arrayContaining(['0-alias.md', 'away', 'dangling', 'private']));
});

test('a file that is too large alone is left out, and said to be', async () => {
  const folder = await folderOf({ 'a.md': 'x'.repeat(60), 'b.md': 'x'.repeat(300), 'c.md': 'x' });
  const found = await walkSource({ kind: 'path', path: folder }, [folder], {
    limits: { ...SOURCE_LIMITS, textBytes: 100 },
  });
  expect(namesOf(found)).toEqual(['a.md', 'c.md']);
  expect(found.skipped.named).toEqual([{ path: 'b.md', reason: expect.stringContaining('of one file') as string }]);
});

test('a request that excludes patterns gets none of the files that they select, included or not', async () => {
  const folder = await folderOf({ 'a.md': '1', 'raw/b.md': '2', 'x/raw/c.md': '3', 'x/d.md': '4', 'e.txt': '5' });
  const found = await walk(folder, { include: ['*.md'], exclude: ['/raw/', 'd.md'] });
  expect(namesOf(found)).toEqual(['a.md', 'x/raw/c.md']);
  expect(found.skipped.named).toContainEqual({ path: 'raw/', reason: 'left out by "exclude"', ignored: true });
});

test('a root that is itself a link allows what lies behind it', async () => {
  const folder = await folderOf({ 'real/a.md': '1' });
  await symlink(join(folder, 'real'), join(folder, 'alias'));
  const found = await walk(join(folder, 'alias'), { roots: [join(folder, 'alias')] });
  expect(namesOf(found)).toEqual(['a.md']);
  await writeFile(join(folder, 'real/b.md'), '2');
  expect(namesOf(await walk(join(folder, 'real'), { roots: [join(folder, 'alias')] }))).toEqual(['a.md', 'b.md']);
});
