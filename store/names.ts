// names.ts: which words may name something in a store, whatever the store is made of.

import { StoreError, type LogKey } from './store.ts';

const NAME = /^[A-Za-z0-9_-]{1,128}$/;
const HASH = /^[0-9a-f]{64}$/;

/** @throws StoreError for a name that could lead out of the store. */
export const checkedName = (name: string): string => checked(name, NAME);

/** @throws StoreError for what is no SHA-256 in hex. */
export const checkedHash = (hash: string): string => checked(hash, HASH);

export const isHash = (name: string): boolean => HASH.test(name);

/** The parts of a log's name, outermost first. @throws StoreError. */
export const logNames = ({ run, subtask, generation }: LogKey): [run: string, subtask: string, generation: string] => [
  checkedName(run),
  checkedName(subtask),
  checkedName(String(generation)),
];

function checked(name: string, shape: RegExp): string {
  if (!shape.test(name)) throw new StoreError(`"${name.slice(0, 80)}" can't name something in the store`);
  return name;
}
