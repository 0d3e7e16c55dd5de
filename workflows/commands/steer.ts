// steer.ts: the table of all that people may say to steer a running task, but for the approval of its plan.

import { fanOutControls } from './change-fan-out.ts';
import type { ControlTable } from './controls.ts';
import { extendControls } from './extend.ts';
import { pauseControls } from './pause.ts';
import { sayControls } from './say.ts';
import type { SteeringPorts } from './steering-ports.ts';

export const steeringControls = (ports: SteeringPorts): Omit<ControlTable, 'approve'> => ({
  ...sayControls(ports),
  ...pauseControls(ports),
  ...extendControls(ports),
  ...fanOutControls(ports),
});
