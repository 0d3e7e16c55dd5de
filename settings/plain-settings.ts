// plain-settings.ts: what is wrong with variables that hold a number, one of a few words or Temporal's address: told by themselves, before any process
// is started or stopped for them. Those of the server are judged once more by temporal-dev.sh.

import { addressProblem } from './address-problem.ts';
import { logProblems } from './log-settings.ts';
import type { Environment } from './variables.ts';

const NUMBERS = [
  'MUSTER_TEMPORAL_PORT',
  'MUSTER_TEMPORAL_UI_PORT',
  'MUSTER_PROGRESS_SECONDS',
  'MUSTER_TEMPORAL_PATIENCE',
] as const;
const MOST = 65_535;
/** 100 years. */
const MOST_KEPT = 36_500;
const SWITCH = ['0', '1', 'true', 'false'];

/** Each that can't be used, in a sentence with its name. */
export function plainProblems(env: Environment): string[] {
  const { TEMPORAL_ADDRESS: address } = env;
  const odd = address === undefined ? undefined : addressProblem(address);
  return [...(odd === undefined ? [] : [odd]), ...serverProblems(env), ...slotsProblems(env), ...logProblems(env)];
}

/** Activities at work at once in one worker. */
export function slotsProblems({ MUSTER_SLOTS: value }: Environment): string[] {
  return value === undefined || (Number.isInteger(Number(value)) && Number(value) >= 1)
    ? []
    : [`MUSTER_SLOTS is "${value}", it must be a whole number from 1`];
}

function serverProblems(env: Environment): string[] {
  const { MUSTER_TEMPORAL_RETENTION: kept, MUSTER_TEMPORAL_UNTUNED: untuned } = env;
  return [
    ...NUMBERS.filter((name) => env[name] !== undefined && !isWhole(env[name], MOST)).map(
      (name) => `${name} is "${env[name]}", it must be a whole number from 1 to ${MOST}`,
    ),
    ...(kept === undefined || (/[dh]$/.test(kept) && isWhole(kept.slice(0, -1), MOST_KEPT))
      ? []
      : [`MUSTER_TEMPORAL_RETENTION is "${kept}", it must be days or hours, as 30d or 720h`]),
    ...(untuned === undefined || SWITCH.includes(untuned)
      ? []
      : [`MUSTER_TEMPORAL_UNTUNED is "${untuned}", it must be 0 or 1`]),
  ];
}

const isWhole = (value: string, most: number): boolean =>
  /^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= most;
