// uploads.ts: POST /uploads: a file as it is, or several as a form; and what is known of one. What is sent is a source for
// tasks of the same tenant.

import { z } from '@hono/zod-openapi';
import { fileNameProblem } from '../../protocol/task.ts';
import type { Upload } from '../doors/uploads.ts';
import { fieldsRefused, ProblemError } from '../wire/problems.ts';
import { mediaType, uploadName, UPLOAD_TYPES } from '../wire/upload-types.ts';
import type { Ctx, Services } from './context.ts';
import { bodyBytes, readQuery } from './read-request.ts';

export const uploadQuery = z.strictObject({ name: z.string().optional() });

const FORM = 'multipart/form-data';
const MAX_FILES = 20;
/** What a form has beside its files. */
const FORM_BYTES = 64 * 1024;

interface Sent {
  name: string;
  type: string;
  content: Uint8Array;
}

export async function uploadFiles(c: Ctx, { uploads, isClosing }: Services): Promise<Response> {
  const { name } = readQuery(c, uploadQuery);
  const type = mediaType(c.req.header('content-type') ?? '');
  const isForm = type === FORM;
  // Before its bytes are read.
  const named = isForm ? undefined : checkedName(name ?? 'upload', type);
  if (isClosing()) throw new ProblemError('closing', 'this gateway is being stopped; nothing was kept');
  const { maxBytes } = uploads;
  return await uploads.inMemory(async () => {
    const bytes = await bodyBytes(c.req.raw, maxBytes + (isForm ? FORM_BYTES : 0));
    const sent = named === undefined ? await filesOf(bytes, c) : [{ name: named, type, content: bytes }];
    for (const { content } of sent) {
      if (content.length === 0) throw refused('a file is empty');
      if (content.length > maxBytes) throw new ProblemError('body_too_large', `a file may have ${maxBytes} bytes`);
    }
    const { tenant } = c.var.caller;
    await uploads.count(
      tenant,
      sent.reduce((sum, { content }) => sum + content.length, 0),
    );
    const kept: Upload[] = [];
    for (const one of sent) kept.push(await uploads.keep(tenant, one));
    return c.json({ uploads: kept.map(shown) }, 201);
  });
}

/** @throws ProblemError (malformed_form, request_invalid, type_unsupported). */
async function filesOf(bytes: Uint8Array, c: Ctx): Promise<Sent[]> {
  const form = await new Response(Buffer.from(bytes), {
    headers: { 'content-type': c.req.header('content-type') ?? '' },
  })
    .formData()
    .catch(() => {
      throw new ProblemError('malformed_form', 'it can’t be parsed as multipart/form-data');
    });
  const fields = [...form];
  if (fields.length === 0 || fields.length > MAX_FILES) throw refused(`a form may have 1 to ${MAX_FILES} files`);
  const sent: Sent[] = [];
  for (const [, file] of fields) {
    if (typeof file === 'string') throw refused('a form may have files alone, each with a file name');
    const type = mediaType(file.type);
    const content = new Uint8Array(await file.arrayBuffer());
    sent.push({ name: checkedName(file.name, type), type, content });
  }
  return sent;
}

function checkedName(name: string, type: string): string {
  const kept = uploadName(name, type);
  if (kept === undefined)
    throw new ProblemError('type_unsupported', `files of these types are taken: ${UPLOAD_TYPES.join(', ')}`);
  const problem = fileNameProblem(kept);
  if (problem !== undefined) throw fieldsRefused([{ parameter: 'name', detail: problem }]);
  return kept;
}

export async function readUpload(c: Ctx, { uploads }: Services): Promise<Response> {
  const found = await uploads.find(c.var.caller.tenant, idOf(c));
  if (!found) throw notFound();
  return c.json(shown(found));
}

export async function deleteUpload(c: Ctx, { uploads }: Services): Promise<Response> {
  if (!(await uploads.remove(c.var.caller.tenant, idOf(c)))) throw notFound();
  return c.body(null, 204);
}

function idOf(c: Ctx): string {
  const id = c.req.param('id') ?? '';
  if (!/^upload-[0-9a-f]{32}$/.test(id)) throw notFound();
  return id;
}

const shown = ({ id, name, type, bytes, sha256, createdAt, expiresAt }: Upload) => ({
  upload_id: id,
  name,
  type,
  bytes,
  sha256,
  created_at: new Date(createdAt).toISOString(),
  expires_at: new Date(expiresAt).toISOString(),
});

const refused = (detail: string): ProblemError => new ProblemError('request_invalid', detail);
const notFound = (): ProblemError =>
  new ProblemError('upload_not_found', 'there is no upload of this id, or not any more');
