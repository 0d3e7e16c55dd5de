// estimate-tokens.ts: how many tokens something is, where nobody counted. As tokenizers do on average: four characters of
// English a token, two of other alphabets, and one where a character is a word or a syllable (Chinese, Japanese, Korean).

export function estimateTokens(value: unknown): number {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  let quarters = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    quarters += code < 0x80 ? 1 : code < 0x2e80 ? 2 : 4;
  }
  return Math.ceil(quarters / 4);
}
