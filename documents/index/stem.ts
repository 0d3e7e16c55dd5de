// stem.ts: brings the forms of an English word together, by Porter's algorithm: "caching", "caches" and "cached" meet.
// What is short, has digits, or is written in other letters stays as it is.

import { stemmer } from 'stemmer';

export const stem = (word: string): string => (word.length < 4 || !/^[a-z]+$/.test(word) ? word : stemmer(word));
