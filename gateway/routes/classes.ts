// classes.ts: what the class history says: GET /measurements, /slo and /advice, and POST /estimates. Numbers are the deployment's; of tasks only the
// caller's own are named.

import { RequestRefusedError } from '../../client/errors.ts';
import { toWire } from '../../protocol/wire.ts';
import { adviceQuery, measureQuery, sloQuery } from '../wire/class-schemas.ts';
import { newTask } from '../wire/request-schemas.ts';
import { fieldsRefused } from '../wire/problems.ts';
import type { Ctx, Services } from './context.ts';
import { readBody, readQuery } from './read-request.ts';
import { inputOf, rowOf, rulesOf } from './start-task.ts';

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

export async function readEstimate(c: Ctx, services: Services): Promise<Response> {
  const body = await readBody(c, newTask);
  const row = await rowOf(body, services.classOf);
  const input = await inputOf(body, row, c.var.caller.tenant, rulesOf(c, services));
  return c.json(toWire(await services.client.estimate(input)));
}

/** @throws ProblemError for a class that there is not. */
async function ofClass<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof RequestRefusedError)) throw error;
    throw fieldsRefused([{ parameter: 'class', detail: error.message }]);
  }
}
