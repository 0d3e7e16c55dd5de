// receive-reading.ts: the Signal `reading`: how far the task's documents are read, told as events while they are.

import { defineSignal, setHandler } from '@temporalio/workflow';
import { SIGNALS } from '../protocol/names.ts';
import type { ReadingSignal, ReadSoFar } from '../protocol/progress.ts';
import type { Emit } from './state/journal.ts';
import type { MasterState } from './state/state.ts';

/** Events in all: a worker that begins anew again and again must not fill the journal. */
const MOST = 10;

export function receiveReading(state: Pick<MasterState, 'firstRun' | 'sources' | 'reading'>, emit: Emit): void {
  const { reading } = state;
  setHandler(
    defineSignal<[Partial<ReadingSignal> | null | undefined]>(SIGNALS.reading),
    (signal) => {
      // Anybody may send a Signal: what is none of ours, or comes late, is dropped.
      if (signal?.v !== 1 || signal.run !== state.firstRun || state.sources || reading.told >= MOST) return;
      const read = readOf(signal.read);
      if (!read || read.bytes <= reading.furthest) return;
      reading.furthest = read.bytes;
      reading.told += 1;
      emit({ type: 'sources.reading', ...read });
    },
    { description: 'How far the documents are read, sent by the worker that reads them.' },
  );
}

function readOf(payload: Partial<ReadSoFar> | null | undefined): ReadSoFar | undefined {
  const { files, of, bytes, ofBytes, skipped } = payload ?? {};
  const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
  return isNumber(files) && isNumber(of) && isNumber(bytes) && isNumber(ofBytes) && isNumber(skipped)
    ? { files, of, bytes, ofBytes, skipped }
    : undefined;
}
