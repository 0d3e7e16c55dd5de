// inline-data.ts: text without the files that stand in it as `data:` addresses: pictures, fonts. They are no words, and one
// of them is longer than all that is written around it.

/** Shorter ones are examples that people write. */
const FILE = /(data:[\w.+-]+\/[\w.+-]+(?:;[\w.=+-]+)*;base64,)[A-Za-z0-9+/=_-]{200,}/g;

export const withoutInlineData = (text: string): string => (text.includes('data:') ? text.replace(FILE, '$1…') : text);
