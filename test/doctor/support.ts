// support.ts: what the doctor finds, by checks of this process, or as a real one.

import { runChecks, type Told } from '../../worker/doctor/run-checks.ts';
import { CHECKS } from '../../worker/doctor/checks.ts';
import { openSubject } from '../../worker/doctor/subject.ts';
import { muster } from '../cli/support.ts';

/** What these checks find in this environment. */
export async function look(env: Record<string, string>, ...names: string[]): Promise<Told[]> {
  const found: Told[] = [];
  const subject = await openSubject(env);
  const checks = CHECKS.filter(({ name }) => names.includes(name));
  expect(checks).toHaveLength(names.length);
  await runChecks(checks, subject, (one) => void found.push(one));
  await subject.close();
  return found;
}

/** `muster doctor --json`. */
export async function doctor(env: Record<string, string>, ...args: string[]) {
  const { code, out, talk } = await muster(['doctor', '--json', ...args], { env }).ended;
  const lines = out.split('\n').filter((line) => line !== '');
  const found = lines.map((line) => JSON.parse(line) as Told);
  return { code, talk, found, of: (check: string) => found.filter((one) => one.check === check) };
}
