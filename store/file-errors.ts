// file-errors.ts: what went wrong with a file, in the words of the store.

import { codeOf } from './durable-files.ts';
import { BlobMissingError, LogLostError, StoreError } from './store.ts';

/** Why a file could not be read or written. */
export function fileProblem(error: unknown): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'the disk is full, or this user may not write more';
    case 'EROFS':
      return 'it is on a file system that may only be read';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}

/** Runs `work`; what it throws is a StoreError, or the reason of the signal that stopped it. */
export async function withStoreErrors<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof StoreError || error instanceof BlobMissingError || error instanceof LogLostError) throw error;
    throw new StoreError(`the store could not be used: ${fileProblem(error)}`, { cause: error });
  }
}
