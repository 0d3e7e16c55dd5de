// roff-mdoc.ts: a line of mdoc(7), the macros of BSD's man pages, in the words that its reader sees: `.Op Fl o Ar file` is
// "[-o file]".

const AROUND = new Map([
  ['Op', '[]'],
  ['Bq', '[]'],
  ['Pq', '()'],
  ['Aq', '<>'],
  ['Brq', '{}'],
  ['Dq', '“”'],
  ['Qq', '""'],
  ['Sq', '‘’'],
  ['Ql', '‘’'],
]);
const OPENS = new Map(pairs('Oo [ Bo [ Po ( Ao < Bro { Do “ Qo " So ‘'));
const CLOSES = new Map(pairs('Oc ] Bc ] Pc ) Ac > Brc } Dc ” Qc " Sc ’'));
/** Names of systems. */
const SYSTEMS = new Map(pairs('Bx BSD Bsx BSD/OS Fx FreeBSD Nx NetBSD Ox OpenBSD Dx DragonFly Ux UNIX At AT&T_UNIX'));
/** What these hold is words, whatever they look like. */
const PLAIN =
  'Ad An Ap Ar Cd Cm Dv Em Er Ev Fa Fd Fl Fn Ft Ic In Li Lk Ms Mt Nm No Ns Pa Pf St Sx Sy Ta Tn Va Vt Xc Xo Xr'.split(
    ' ',
  );
const MACROS = new Set([...PLAIN, ...[AROUND, OPENS, CLOSES, SYSTEMS].flatMap((some) => [...some.keys()])]);
const BEFORE = new Set(['(', '[']);
const BEHIND = new Set(['.', ',', ':', ';', ')', ']', '?', '!']);

function pairs(text: string): [string, string][] {
  const words = text.split(' ');
  return words.flatMap((word, at) => (at % 2 === 0 ? [[word, (words[at + 1] ?? '').replace('_', ' ')]] : []));
}

export const isMdoc = (name: string): boolean => MACROS.has(name);

/**
 * The words of a line.
 * @param tokens the macro and its arguments; others may stand among these.
 * @param options.name of the page, which a bare `Nm` says.
 * @param options.isTight without spaces between them. Default: no.
 */
export function mdocWords(
  tokens: readonly string[],
  { name, isTight = false }: { name: string; isTight?: boolean },
): string {
  let end = tokens.length;
  while (end > 1 && BEHIND.has(tokens[end - 1] ?? '')) end -= 1;
  const line = new Line(isTight);
  const ends: string[] = [];
  for (let at = 0; at < end;) {
    const macro = tokens[at] ?? '';
    at += 1;
    if (!MACROS.has(macro)) {
      line.add(macro);
      continue;
    }
    const from = at;
    while (at < end && !MACROS.has(tokens[at] ?? '')) at += 1;
    const around = AROUND.get(macro);
    if (around !== undefined) {
      line.add(around.charAt(0), { isTight: true });
      ends.unshift(around.charAt(1));
    }
    say(line, macro, { words: tokens.slice(from, at), name });
  }
  for (const word of [...ends, ...tokens.slice(end)]) line.close(word);
  return line.text;
}

function say(line: Line, macro: string, { words, name }: { words: string[]; name: string }): void {
  const system = SYSTEMS.get(macro);
  const [first, second, ...more] = words;
  if (macro === 'Ns') line.tighten();
  else if (OPENS.has(macro)) line.add(OPENS.get(macro) ?? '', { isTight: true });
  else if (CLOSES.has(macro)) line.close(CLOSES.get(macro) ?? '');
  else if (macro === 'Ap') line.close("'", { isTight: true });
  else if (macro === 'Ta') line.add('|');
  if (macro === 'Fl' && first === undefined) line.add('-', { isTight: true });
  else if (macro === 'Fl') for (const word of words) line.add(isSign(word) ? word : `-${word}`);
  else if (macro === 'Ar' && first === undefined) line.add('file ...');
  else if (macro === 'Nm' && (first === undefined || isSign(first))) line.addAll([name, ...words]);
  else if (macro === 'Xr' && second !== undefined) line.addAll([`${first ?? ''}(${second})`, ...more]);
  else if (macro === 'Fn' && first !== undefined) line.add(`${first}(${words.slice(1).join(', ')})`);
  else if (macro === 'In' && first !== undefined) line.add(`<${first}>`);
  else if (macro === 'Lk' && second !== undefined) line.addAll([second, ...more, `<${first ?? ''}>`]);
  else if (macro === 'Bx' && first !== undefined) line.addAll([`${first}BSD`, ...words.slice(1)]);
  else if (macro === 'Pf' && first !== undefined) line.add(first, { isTight: true });
  else line.addAll(system === undefined ? words : [system, ...words]);
}

const isSign = (word: string): boolean => BEFORE.has(word) || BEHIND.has(word) || word === '|';

/** Words with a space between them, but for signs, and for what `Ns` and brackets bring together. */
class Line {
  text = '';
  #isTight = true;
  readonly #isAlwaysTight: boolean;

  constructor(isAlwaysTight: boolean) {
    this.#isAlwaysTight = isAlwaysTight;
  }

  add(word: string, { isTight = BEFORE.has(word) } = {}): void {
    if (word === '') return;
    this.text += this.#isTight || this.#isAlwaysTight || BEHIND.has(word) ? word : ` ${word}`;
    this.#isTight = isTight;
  }

  addAll(words: readonly string[]): void {
    for (const word of words) this.add(word);
  }

  close(word: string, { isTight = false } = {}): void {
    this.text += word;
    this.#isTight = isTight;
  }

  tighten(): void {
    this.#isTight = true;
  }
}
