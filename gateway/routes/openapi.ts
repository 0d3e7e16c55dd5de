// openapi.ts: the OpenAPI 3.1 document, made of the table of routes and of the schemas that judge requests.

import { OpenAPIHono, z } from '@hono/zod-openapi';
import { PROBLEM_TYPE, PROBLEMS, type ProblemCode } from '../wire/problems.ts';
import { problem } from '../wire/schemas.ts';
import type { Route } from './route.ts';
import { ROUTES } from './table.ts';

type Registry = OpenAPIHono['openAPIRegistry'];

export function openApiDocument(serverUrl: string): object {
  const made = new OpenAPIHono();
  const registry = made.openAPIRegistry;
  registry.registerComponent('securitySchemes', 'key', { type: 'http', scheme: 'bearer' });
  for (const route of ROUTES) register(registry, route);
  return made.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Muster',
      version: '1',
      description: 'Starts tasks, follows them, and hands back their cited answers. Changes only add.',
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: serverUrl }],
  });
}

function register(registry: Registry, route: Route): void {
  const { method, path, summary, scope, query, headers, body } = route;
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const params = z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
  registry.registerPath({
    method,
    path,
    summary,
    operationId: operationId(route),
    security: scope === undefined ? [] : [{ key: [] }, {}],
    request: {
      ...(names.length > 0 ? { params } : {}),
      ...(query ? { query } : {}),
      ...(headers ? { headers } : {}),
      ...(body ? { body: { content: contentOf(body), required: body.isOptional !== true } } : {}),
    },
    responses: { ...answersOf(route), ...problemsOf(route) },
  });
}

const operationId = ({ method, path }: Route): string =>
  [method, ...path.split('/').filter((part) => part !== '' && !part.startsWith('{'))].join('_') +
  (path.endsWith('}') ? '_one' : '');

/** Of what is not JSON nothing is said but its type. */
function contentOf({ schema, types = [] }: NonNullable<Route['body']>) {
  const files = types.map((type) => [type, { schema: z.string().openapi({ format: 'binary' }) }] as const);
  return { ...(schema ? { 'application/json': { schema } } : {}), ...Object.fromEntries(files) };
}

type Responses = Parameters<Registry['registerPath']>[0]['responses'];

function answersOf({ answers }: Route): Responses {
  return Object.fromEntries(
    Object.entries(answers).map(([status, { about, schema, types = [] }]) => {
      const texts = types.map((type) => [type, { schema: z.string() }] as const);
      const content = { ...(schema ? { 'application/json': { schema } } : {}), ...Object.fromEntries(texts) };
      return [status, { description: about, ...(Object.keys(content).length > 0 ? { content } : {}) }];
    }),
  );
}

/** What any request can meet is said of each. */
const EVERYWHERE: readonly ProblemCode[] = [
  'too_many_requests',
  'server_unreachable',
  'store_unavailable',
  'server_refuses',
  'identity_unavailable',
];

function problemsOf({ problems, scope, answers }: Route): Responses {
  const codes = scope === undefined ? problems : [...problems, 'unauthorized', 'forbidden', ...EVERYWHERE];
  const byStatus = new Map<number, string[]>();
  for (const code of codes as ProblemCode[]) {
    const { status } = PROBLEMS[code];
    if (!(status in answers)) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, named]) => [
      status,
      { description: named.join(', '), content: { [PROBLEM_TYPE]: { schema: problem } } },
    ]),
  );
}
