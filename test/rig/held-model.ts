// held-model.ts: a model that keeps some calls waiting until a test lets them go: what is meant to happen meanwhile has all
// the time that the machine needs for it.

import { offlineBrain } from '../../simulator/brain/brain.ts';
import type { Brain, ChatRequest } from '../../simulator/server.ts';

export interface HeldModel {
  brain: Brain;
  /** Calls that wait. */
  waiting(): number;
  /** Lets all go, those to come, too. */
  release(): void;
}

/** @param holds which calls wait: by what they ask, as JSON, and the name of what they are to answer with. */
export function heldModel(holds: (asked: string, step: string) => boolean, inner: Brain = offlineBrain): HeldModel {
  let waiting = 0;
  let release = (): void => undefined;
  let isOpen = false;
  const open = new Promise<void>((done) => {
    release = () => {
      isOpen = true;
      done();
    };
  });
  const brain = async (request: ChatRequest) => {
    if (!isOpen && holds(JSON.stringify(request.messages), request.response_format?.json_schema?.name ?? '')) {
      waiting += 1;
      await open;
      waiting -= 1;
    }
    return await inner(request);
  };
  return { brain, waiting: () => waiting, release: () => release() };
}
