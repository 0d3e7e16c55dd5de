// pod-words.ts: the words of a paragraph of POD as Markdown: what its codes, as B<loud> and L<perlop/Quotes>, show. A paragraph keeps
// its line breaks. Codes may stand in each other, so far and no farther.

/** Codes that stand in one another deeper than this are read as written. */
const DEEPEST = 12;
/** `C<`, or `C<< ` where the text holds a `>` */
const OPENS = /([A-Z])(?:(<{2,40})(?=\s)|<)/y;
const CHARACTERS: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  sol: '/',
  verbar: '|',
  szlig: 'ß',
};
/** Accents by their names in `eacute`, as characters that join the letter before them. */
const ACCENTS: Readonly<Record<string, string>> = {
  grave: '\u0300',
  acute: '\u0301',
  circ: '\u0302',
  tilde: '\u0303',
  uml: '\u0308',
  ring: '\u030a',
  cedil: '\u0327',
};

interface Code {
  letter: string;
  /** As it was opened. */
  written: string;
  /** How many `>` end it. */
  width: number;
  text: string;
}

/** What a reader sees of a paragraph. */
export function podWords(paragraph: string): string {
  const open: Code[] = [{ letter: '', written: '', width: 0, text: '' }];
  let at = 0;
  while (at < paragraph.length) {
    const inner = open.at(-1) as Code;
    const end = endAt(paragraph, at, inner.width);
    OPENS.lastIndex = at;
    const begun = end === 0 && open.length < DEEPEST ? OPENS.exec(paragraph) : null;
    if (end > 0) {
      open.pop();
      (open.at(-1) as Code).text += shown(inner);
      at += end;
    } else if (begun) {
      const [written = '', letter = '', wide = '<'] = begun;
      open.push({ letter, written, width: wide.length, text: '' });
      at += written.length;
    } else {
      inner.text += paragraph[at];
      at += 1;
    }
  }
  // What is never ended is no code.
  return open.map(({ written, text }) => written + text).join('');
}

/** Characters of the end of a code that begins here; 0 where none does. */
function endAt(text: string, at: number, width: number): number {
  if (width === 0) return 0;
  if (width === 1) return text[at] === '>' ? 1 : 0;
  const first = text[at] ?? '';
  return /\s/.test(first) && text.startsWith('>'.repeat(width), at + 1) ? width + 1 : 0;
}

function shown({ letter, text, width }: Code): string {
  const words = width > 1 ? text.replace(/^\s/, '') : text;
  const plain = words.trim() === '' || words.includes('`');
  if (letter === 'B') return plain ? words : `**${words.replaceAll('**', '')}**`;
  if (letter === 'C' || letter === 'F') return plain ? words : `\`${words.replaceAll('**', '')}\``;
  if (letter === 'L') return linkText(words);
  if (letter === 'E') return character(words);
  return letter === 'X' || letter === 'Z' ? breaksOf(words) : words;
}

/** `words|target`, an address, `page/section` or `/section`. */
function linkText(link: string): string {
  const bar = link.indexOf('|');
  if (bar > 0) return link.slice(0, bar) + breaksOf(link.slice(bar));
  if (/^[a-z][\w+.-]{1,20}:[^:\s]/i.test(link)) return link;
  const [, page = '', section = ''] = /^([^/]*)\/"?([^"]*)"?$/.exec(link) ?? [];
  if (section === '') return link;
  return page === '' ? `“${section}”` : `“${section}” in ${page}`;
}

const breaksOf = (text: string): string => '\n'.repeat(text.split('\n').length - 1);

function character(name: string): string {
  const number = /^(?:0x[\da-f]{1,6}|0[0-7]{1,7}|[1-9]\d{0,6})$/i.test(name)
    ? Number(name.replace(/^0(?=[0-7])/, '0o'))
    : NaN;
  if (number > 0 && number <= 0x10ffff) return String.fromCodePoint(number);
  const [, letter, accent = ''] = /^([a-z])([a-z]+)$/i.exec(name) ?? [];
  if (letter !== undefined && Object.hasOwn(ACCENTS, accent)) return `${letter}${ACCENTS[accent]}`.normalize('NFC');
  return Object.hasOwn(CHARACTERS, name) ? (CHARACTERS[name] ?? '') : `E<${name}>`;
}
