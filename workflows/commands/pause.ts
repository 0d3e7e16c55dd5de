// pause.ts: pause and resume, of one sub-agent or of the whole task. A paused visit ends after the call in flight and is not
// sent again until it is resumed; the deadline of a paused task stands still.

import type { ControlTable } from './controls.ts';
import { hold, release } from '../state/standstill.ts';
import { find, isOver, notAtWork, tell, thoseAtWork } from './addressees.ts';
import type { SteeringPorts } from './steering-ports.ts';

export function pauseControls(ports: SteeringPorts): Pick<ControlTable, 'pause' | 'resume'> {
  const { state, now, showState } = ports;
  const { steering, standstill } = state;
  const isPausedAlone = (to: string): boolean => Object.hasOwn(steering.paused, to);
  return {
    pause: {
      refusal({ to }) {
        if (steering.isPaused) return `the ${to === undefined ? '' : 'whole '}task is paused already`;
        if (to === undefined) return undefined;
        return isPausedAlone(to) ? `${to} is paused already` : notAtWork(ports, to);
      },
      apply({ id, to }) {
        if (to !== undefined) {
          steering.paused[to] = true;
          tell(ports, id, to, { kind: 'pause' });
          return `${to} is paused: it ends the call in flight, and then waits`;
        }
        steering.isPaused = true;
        const open = ports.fanOut();
        if (open) open.hold();
        else hold(standstill, 'paused', now());
        showState();
        if (isOver(ports)) return 'paused: the step under way ends, the next one waits';
        tell(ports, id, to, { kind: 'pause' });
        const who = thoseAtWork(ports, 'ends the call in flight', 'end the calls in flight');
        return `paused: ${who ?? 'the step under way ends'}, nothing more is begun, and the deadline stands still`;
      },
    },
    resume: {
      refusal({ to }) {
        if (to === undefined)
          return steering.isPaused || Object.keys(steering.paused).length > 0 ? undefined : 'it is not paused';
        const subtask = find(ports, to);
        if (typeof subtask === 'string') return subtask;
        if (steering.isPaused) return 'the whole task is paused: resume it without naming a subtask';
        return isPausedAlone(to) ? undefined : `${to} is not paused`;
      },
      apply({ to }) {
        // Nobody is told: the visits that follow have a higher number than the pause.
        if (to !== undefined) {
          delete steering.paused[to];
          return `${to} goes on at its last checkpoint`;
        }
        steering.isPaused = false;
        steering.paused = {};
        const open = ports.fanOut();
        if (open) open.release();
        else release(standstill, 'paused', now());
        showState();
        return 'goes on at the last checkpoints';
      },
    },
  };
}
