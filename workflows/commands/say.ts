// say.ts: what is said to sub-agents themselves: a note, other models, to finish. They read it between their calls.

import type { ControlTable } from './controls.ts';
import { nobodyAtWork, notAtWork, tell, thoseAtWork } from './addressees.ts';
import type { SteeringPorts } from './steering-ports.ts';

/** They travel through the history with the answer's step. */
const MAX_NOTES = 10;

export function sayControls(ports: SteeringPorts): Pick<ControlTable, 'note' | 'swapModel' | 'finish'> {
  const { steering } = ports.state;
  const refusal = ({ to }: { to?: string }): string | undefined =>
    to === undefined ? nobodyAtWork(ports) : notAtWork(ports, to);
  return {
    note: {
      refusal,
      apply({ id, to, text }) {
        tell(ports, id, to, { kind: 'note', text });
        if (to === undefined) steering.notes = [...steering.notes, text].slice(-MAX_NOTES);
        if (to !== undefined) return `${to} reads it before its next call`;
        const now = thoseAtWork(ports, 'reads it before its next call', 'read it before their next call');
        return `${now === undefined ? '' : `${now}, and `}those that begin later read it before their first`;
      },
    },
    swapModel: {
      refusal,
      apply({ id, to, models }) {
        tell(ports, id, to, { kind: 'swapModel', models });
        if (to === undefined) steering.models = models;
        return `${to ?? 'the whole task'} goes on with ${models.join(', ')} from the next call on`;
      },
    },
    finish: {
      refusal,
      apply({ id, to }) {
        tell(ports, id, to, { kind: 'finish' });
        if (to === undefined) {
          steering.isFinishing = true;
          ports.fanOut()?.finish();
        }
        // Held, it would never hear of it.
        else delete steering.paused[to];
        if (to !== undefined) return `${to} answers with what it has`;
        return (
          thoseAtWork(ports, 'answers with what it has', 'answer with what they have') ?? 'no sub-agent looks for more'
        );
      },
    },
  };
}
