// counted.ts: counts as people read them: `1 document`, `12,345 tokens`. Pure, and the same in Workflow code and outside.

/** 12,345 */
export const formatCount = (value: number): string => value.toLocaleString('en-US');

/** `1 document`, `3 documents` */
export const counted = (value: number, noun: string): string =>
  `${formatCount(value)} ${noun}${value === 1 ? '' : 's'}`;
