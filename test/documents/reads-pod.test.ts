// POD, as Perl's documentation is written: the words that its reader sees, as Markdown, each on the line of the file where it stands.

import { extractText } from '../../documents/extract/files/extract-text.ts';
import { podText } from '../../documents/extract/pod.ts';
import { chunkText } from '../../documents/index/chunk-text.ts';
import { pageText } from '../../documents/web/page-text.ts';
import { growth, LINEAR } from '../rig/growth.ts';

test('a document in POD is its headings, lists, terms and code as Markdown, each on its line', () => {
  /** A line as it is written, and as it is read. What reads as nothing has a blank line behind it, as any paragraph. */
  const page: readonly (readonly [string, string])[] = [
    ['package Bell;', ''],
    ['=encoding utf8', ''],
    ['=head1 B<The bell>', '# The bell'],
    ['It rings B<loud>\nat I<noon>.', 'It rings **loud**\nat noon.'],
    ['  pull(3);\n    C<twice>;', '      pull(3);\n        C<twice>;'],
    ['=over 4', ''],
    ['=item *', ''],
    ['Sundays', '- Sundays'],
    ['=item * Mondays', '- Mondays'],
    ['=item 2. pull', '2. pull'],
    ['=item 404 ropes', '**404 ropes**'],
    ['=item B<--rope>=I<metres>', '**--rope=metres**'],
    ['How long it is.', 'How long it is.'],
    ['=over', ''],
    ['=item * hemp', '  - hemp'],
    ['=back', ''],
    ['=back', ''],
    ['=for comment never\nsaid', '\n'],
    ['=begin html', ''],
    ['nor this', ''],
    ['=end html', ''],
    ['=begin text', ''],
    ['this is', 'this is'],
    ['=end text', ''],
    ['=head2 Care', '## Care'],
    ['=begin html', ''],
    ['left open', 'left open'],
    ['=cut', ''],
  ];
  const written = page.map(([line]) => line).join('\n\n');
  expect(podText(written.replaceAll('\n', '\r\n'))).toBe(page.map(([, line]) => line).join('\n\n'));
});

test.each([
  ['Set C<$rope> in F</etc/bell>', 'Set `$rope` in `/etc/bell`'],
  ['C<< $bell->ring >> and B<<< a > b >>>', '`$bell->ring` and **a > b**'],
  ['See L<Bell>, L<Bell/Ring it>, L</"Care">', 'See Bell, “Ring it” in Bell, “Care”'],
  ['L<the manual|Bell/Care> or L<https://x.example/a>', 'the manual or https://x.example/a'],
  ['E<lt>aE<gt> E<0x263A> E<233> E<eacute> E<nothing>', '<a> ☺ é é E<nothing>'],
  ['B<I<both>> X<index>and S<no break>Z<>', '**both** and no break'],
  ['C<a`b> B<> B<left open', 'a`b  B<left open'],
  ['if ($a < $b) and List<String', 'if ($a < $b) and List<String'],
  ['X<a\nb>two\nL<lines|Bell/Ring\nit>', '\ntwo\nlines\n'],
])('a paragraph of POD, %j, reads %j', (source, text) => {
  expect(podText(`=pod\n\n${source}`)).toBe(`\n\n${text}`);
});

test('headings of POD head passages, and a document on the web is read as in a folder', async () => {
  const text = '=head1 The bell\n\n=head2 Ring it\n\nPull three times.';
  const extracted = await extractText('bell.pod', Buffer.from(text));
  if ('problem' in extracted) throw new Error(extracted.problem);
  expect(chunkText(extracted).map(({ heading }) => heading)).toEqual(['The bell > Ring it']);
  const url = 'https://x.example/bell.pod';
  const page = { bytes: Buffer.from(text), charset: undefined, kind: 'text' as const, url };
  expect(await pageText(page)).toMatchObject({ text: extracted.text, shape: 'markdown' });
});

test('hostile POD takes a time that grows no faster than it', async () => {
  const read = (many: number): void => {
    for (const text of [
      'B<'.repeat(many),
      `${'B<'.repeat(many)}${'>'.repeat(many)}`,
      `B${'<'.repeat(many)} a`,
      'C<< a > '.repeat(many),
      `C${'<'.repeat(40)} ${'>'.repeat(many)}`,
      'L<a|'.repeat(many),
      `L<${'a/'.repeat(many)}>`,
      '=begin x\n\n'.repeat(many),
      `${'=begin x\n\n'.repeat(many)}=end y`,
      '=over\n\n=item *\n\n'.repeat(many),
      '=item *\n'.repeat(many),
      ' \n'.repeat(many),
      `=${'a'.repeat(many)}`,
    ])
      podText(`=pod\n\n${text}`);
  };
  expect(await growth(12_000, read)).toBeLessThan(LINEAR);
  // Nor does a long one break the stack.
  const long = 'rope\n'.repeat(300_000);
  expect(podText(`=begin x\n\n${long}\n=end x\n\n${long}`).endsWith(`\n\n${long}`)).toBe(true);
});
