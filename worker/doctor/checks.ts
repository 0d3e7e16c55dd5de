// checks.ts: all that `muster doctor` looks at, in the order in which it helps a person.

import { checkAttributes } from './check-attributes.ts';
import { checkClock } from './check-clock.ts';
import { checkMachine } from './check-machine.ts';
import { checkModelsThere } from './check-models-there.ts';
import { checkPorts } from './check-ports.ts';
import { checkRetention } from './check-retention.ts';
import { checkServer } from './check-server.ts';
import { checkSettings } from './check-settings.ts';
import { checkSpeed } from './check-speed.ts';
import { checkStore } from './check-store.ts';
import { checkWorkers } from './check-workers.ts';
import type { Check } from './finding.ts';

export const CHECKS: readonly Check[] = [
  checkSettings,
  checkPorts,
  checkServer,
  checkRetention,
  checkAttributes,
  checkWorkers,
  checkStore,
  checkModelsThere,
  checkSpeed,
  checkClock,
  checkMachine,
];
