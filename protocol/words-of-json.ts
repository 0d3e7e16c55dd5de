// words-of-json.ts: the words of an answer, or of a sub-agent's findings, while their JSON is still being written, as people
// read them: headings and claims, without citations, which are not checked yet. Grows with the JSON and takes nothing back. Pure.

/** What stands before the value of a field that is shown, in answers (heading, text) and findings (claim). */
const SHOWN: Readonly<Record<string, string>> = { heading: '## ', text: '- ', claim: '- ' };

const STRING = /"((?:[^"\\]|\\[^])*)("?)/g;

/** @param json what is written so far, cut off anywhere. */
export function wordsOfJson(json: string): string {
  const lines: string[] = [];
  let name: string | undefined;
  for (const { 0: whole, 1: inner = '', 2: closing, index } of json.matchAll(STRING)) {
    const end = index + whole.length;
    if (closing !== '' && /^\s*:/.test(json.slice(end, end + 32))) {
      name = inner;
      continue;
    }
    const mark = name === undefined || !Object.hasOwn(SHOWN, name) ? undefined : SHOWN[name];
    // Only a value stands behind a name; the strings of a list come after a comma or a bracket.
    const isValue = /:\s*$/.test(json.slice(Math.max(0, index - 32), index));
    if (mark !== undefined && isValue) lines.push(`${lines.length === 0 ? '' : '\n'}${mark}${wordsOf(inner)}`);
    name = undefined;
  }
  return lines.join('');
}

/** Whole characters and whole escapes. */
const WHOLE = /^(?:[^\\]|\\[^u]|\\u[0-9a-fA-F]{4})*/;

/** A JSON string's characters on one line, none of them a control character; of one that is being written, those that are whole. */
function wordsOf(inner: string): string {
  const [whole = ''] = WHOLE.exec(inner) ?? [];
  try {
    const text = JSON.parse(`"${whole.replace(/\p{Cc}/gu, ' ')}"`) as string;
    return text.replace(/[\s\p{Cc}]/gu, ' ').replace(/[\ud800-\udbff]$/, '');
  } catch {
    return '';
  }
}
