// named-sources.ts: which sources a request may name, and what of the worker's they stand for.

import { resolve } from 'node:path';
import { isAddress, urlProblem, type Source } from '../../protocol/task.ts';
import type { Uploads } from '../doors/uploads.ts';
import { fieldsRefused } from '../wire/problems.ts';
import type { NewTask } from '../wire/request-schemas.ts';

/** A source that requests may name. */
export interface NamedSource {
  /** Absolute path, or an address of the web. */
  path: string;
  /** Who may name it. Default: every tenant. */
  tenants?: readonly string[];
}

export interface SourceRules {
  named: Readonly<Record<string, NamedSource>>;
  /** Folder that relative paths are taken from; undefined: no paths are taken. */
  pathsFrom: string | undefined;
  uploads: Pick<Uploads, 'use'>;
}

type Asked = NewTask['sources'][number];

/** @throws ProblemError (request_invalid) with the place of each source that can't be had. */
export async function sourcesOf(asked: readonly Asked[], tenant: string, rules: SourceRules): Promise<Source[]> {
  const read = await Promise.all(asked.map((one) => sourceOf(one, tenant, rules)));
  const errors = read.flatMap((one, at) =>
    typeof one === 'string' ? [{ pointer: `/sources/${at}`, detail: one }] : [],
  );
  if (errors.length > 0) throw fieldsRefused(errors);
  return read.filter((one) => typeof one !== 'string');
}

/** The source, or why there is none. */
async function sourceOf(asked: Asked, tenant: string, rules: SourceRules): Promise<Source | string> {
  const { named, pathsFrom, uploads } = rules;
  if (typeof asked === 'string')
    return await sourceOf(
      isAddress(asked) ? { kind: 'url', url: asked } : { kind: 'path', path: asked },
      tenant,
      rules,
    );
  switch (asked.kind) {
    case 'url':
      return urlProblem(asked.url) ?? { kind: 'url', url: asked.url };
    case 'named': {
      const found = Object.hasOwn(named, asked.name) ? named[asked.name] : undefined;
      if (!found || !(found.tenants?.includes(tenant) ?? true)) return `there is no source named "${asked.name}"`;
      return isAddress(found.path) ? { kind: 'url', url: found.path } : { kind: 'path', path: found.path };
    }
    case 'upload': {
      const found = await uploads.use(tenant, asked.id);
      if (!found) return 'there is no upload of this id, or not any more';
      const { sha256, name, bytes } = found;
      return { kind: 'blob', sha256, name, bytes };
    }
    case 'path': {
      if (pathsFrom === undefined)
        return 'paths are not taken here; name a source of the gateway’s config, or an address';
      const { path, include, exclude } = asked;
      if (path.includes('\0')) return 'a path can’t have a zero byte in it';
      const chosen = { ...(include ? { include } : {}), ...(exclude ? { exclude } : {}) };
      return { kind: 'path', path: resolve(pathsFrom, path), ...chosen };
    }
  }
}
