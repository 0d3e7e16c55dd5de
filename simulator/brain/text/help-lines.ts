// help-lines.ts: what a program prints for its help, wherever it is quoted: an option or a command, a gap, and what it does. Each is an
// entry, and no code.

interface Line {
  text: string;
}

/** "-q, --quiet      do not output a progress report": the option, and where what it does begins. */
const OPTION = /^(\s*--?[\w?#][^\n]{0,70}?)( {2,}|\t+)(\S.*)$/;
/** "restore       Extract the data from a snapshot" */
const COMMAND = /^(\s+[a-z][a-z\d-]{1,30})( {2,}|\t+)(\p{Lu}\p{Ll}+ .*)$/u;
const SAID = /(?:\p{L}{2,40}[^\p{L}]{1,20}){2}\p{L}{2}/u;

const entryIn = (line: string, form: RegExp): RegExpExecArray | undefined => {
  const found = form.exec(line);
  return found && SAID.test(found[3] ?? '') ? found : undefined;
};

/** The last line of the entry that begins at a line; -1 where none does. */
export function helpEnd(lines: readonly Line[], at: number): number {
  const textAt = (line: number): string => lines[line]?.text ?? '';
  const isCommand = (line: number): boolean => entryIn(textAt(line), COMMAND) !== undefined;
  const entry =
    entryIn(textAt(at), OPTION) ?? (isCommand(at - 1) || isCommand(at + 1) ? entryIn(textAt(at), COMMAND) : undefined);
  if (!entry) return -1;
  const [, name = '', gap = ''] = entry;
  // What goes on stands under what it does.
  let last = at;
  while (textAt(last + 1).search(/\S/) === name.length + gap.length) last += 1;
  return last;
}

/** The same in words: "`--quiet`: do not output …"; what is no such entry as it is. */
export const helpInWords = (text: string): string | undefined => {
  const [first = '', ...others] = text.split('\n');
  const [, name = '', , said = ''] = OPTION.exec(first) ?? COMMAND.exec(` ${first}`) ?? [];
  return said === '' ? undefined : `\`${name.trim()}\`: ${[said, ...others.map((line) => line.trim())].join(' ')}`;
};
