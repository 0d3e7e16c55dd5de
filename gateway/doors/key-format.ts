// key-format.ts: how a key is written: `mk_<8 id>_<26 random and 6 checksum>`, in letters and digits, so that it is selected
// with one click, found by scanners of leaked secrets, and a mistyped one is told without asking the store.

import { randomInt } from 'node:crypto';
import { sha256 } from '../../protocol/schemas/hash.ts';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SHAPE = /^mk_([0-9A-Za-z]{8})_([0-9A-Za-z]{26})([0-9A-Za-z]{6})$/;

const random = (length: number): string => Array.from({ length }, () => DIGITS[randomInt(DIGITS.length)]).join('');

export function newKey(): { id: string; key: string } {
  const id = random(8);
  // 154 bits.
  const secret = random(26);
  return { id, key: `mk_${id}_${secret}${checksum(id, secret)}` };
}

/** The id of what is written like a key; undefined for anything else. */
export function keyId(text: string): string | undefined {
  const [, id = '', secret = '', check] = SHAPE.exec(text) ?? [];
  return check !== undefined && check === checksum(id, secret) ? id : undefined;
}

function checksum(id: string, secret: string): string {
  const bytes = Buffer.from(sha256(`${id}_${secret}`), 'hex');
  return [...bytes.subarray(0, 6)].map((byte) => DIGITS[byte % DIGITS.length]).join('');
}
