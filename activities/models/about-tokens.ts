// about-tokens.ts: how many tokens something is, where nobody counted: four characters each, as English text is on average.

export const aboutTokens = (value: unknown): number =>
  Math.ceil((typeof value === 'string' ? value.length : JSON.stringify(value).length) / 4);
