// classes.ts: what the class history says: GET /measurements, /slo and /advice. Numbers are the deployment's; of tasks only the
// caller's own are named.

import { RequestRefusedError } from '../../client/errors.ts';
import { toWire } from '../../protocol/wire.ts';
import { adviceQuery, measureQuery, sloQuery } from '../wire/class-schemas.ts';
import { ProblemError } from '../wire/problems.ts';
import type { Ctx, Services } from './context.ts';
import { readQuery } from './read-request.ts';

export async function readMeasurements(c: Ctx, { client }: Services): Promise<Response> {
  const { class: name } = readQuery(c, measureQuery);
  return c.json({ measurements: toWire(await ofClass(client.measure(name))) });
}

export async function readSlos(c: Ctx, { client }: Services): Promise<Response> {
  const { class: name, days } = readQuery(c, sloQuery);
  const { tenant } = c.var.caller;
  const asked = { tenant, ...(name === undefined ? {} : { class: name }), ...(days === undefined ? {} : { days }) };
  return c.json({ classes: toWire(await ofClass(client.slo(asked))) });
}

export async function readAdvice(c: Ctx, { client }: Services): Promise<Response> {
  const { class: name, ...told } = readQuery(c, adviceQuery);
  const said = Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined));
  const all = await ofClass(client.advise(said, name));
  // The config is for a file, which has the library's own names.
  return c.json({ advice: all.map(({ config, ...one }) => ({ ...toWire(one), config })) });
}

/** @throws ProblemError for a class that there is not. */
async function ofClass<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RequestRefusedError)) throw error;
    const detail = error.message;
    throw new ProblemError('request_invalid', detail, { errors: [{ parameter: 'class', detail }] });
  }
}
