// uploads.ts: files that callers sent, each as a small record that keeps its bytes in the store for as long as a task may use
// them. Of one tenant alone: whoever guesses an id of another's is told that there is none.

import { randomBytes } from 'node:crypto';
import { BACKSTOP_DAYS } from '../../protocol/limits.ts';
import type { Store } from '../../store/store.ts';
import { ProblemError } from '../wire/problems.ts';

export interface Upload {
  id: string;
  name: string;
  type: string;
  bytes: number;
  sha256: string;
  /** ms since the epoch. */
  createdAt: number;
  expiresAt: number;
}

const KIND = 'upload';
const DAY_MS = 86_400_000;
const UNUSED_MS = DAY_MS;
/** A task that was started may wait this long for a worker, and be looked at a week later. */
const USED_MS = (BACKSTOP_DAYS + 7) * DAY_MS;

/** Each is in memory as a whole. */
const MOST_AT_ONCE = 4;

const keyOf = (tenant: string, id: string): string => `${tenant}/${id}`;

export class Uploads {
  readonly #store: Store;
  /** Bytes that one file may have. */
  readonly maxBytes: number;
  #atOnce = 0;

  constructor(store: Store, maxBytes: number) {
    this.#store = store;
    this.maxBytes = maxBytes;
  }

  /** Does what has a whole file in memory. @throws ProblemError (overloaded) while others do */
  async inMemory<T>(work: () => Promise<T>): Promise<T> {
    if (this.#atOnce >= MOST_AT_ONCE)
      throw new ProblemError('overloaded', 'other files are being sent; nothing was kept');
    this.#atOnce += 1;
    try {
      return await work();
    } finally {
      this.#atOnce -= 1;
    }
  }

  /** @throws StoreError */
  async keep(
    tenant: string,
    { name, type, content }: { name: string; type: string; content: Uint8Array },
  ): Promise<Upload> {
    const sha256 = await this.#store.putBlob(content);
    const id = `upload-${randomBytes(16).toString('hex')}`;
    const createdAt = Date.now();
    const upload = { id, name, type, bytes: content.length, sha256, createdAt, expiresAt: createdAt + UNUSED_MS };
    await this.#write(tenant, upload, 0);
    return upload;
  }

  /** Undefined when there is none, or none of this tenant. @throws StoreError */
  async find(tenant: string, id: string): Promise<Upload | undefined> {
    return (await this.#read(tenant, id))?.upload;
  }

  /** As `find`, and keeps it for a task that is about to be started. */
  async use(tenant: string, id: string): Promise<Upload | undefined> {
    for (;;) {
      const found = await this.#read(tenant, id);
      if (!found) return undefined;
      const expiresAt = Date.now() + USED_MS;
      // Those of one day need not be told apart.
      if (found.upload.expiresAt > expiresAt - DAY_MS) return found.upload;
      const upload = { ...found.upload, expiresAt };
      if (await this.#write(tenant, upload, found.version)) return upload;
    }
  }

  /** False when there is none. Tasks that have read it keep what they have read. @throws StoreError */
  async remove(tenant: string, id: string): Promise<boolean> {
    for (;;) {
      const found = await this.#read(tenant, id);
      if (!found) return false;
      if (await this.#store.setRecord(KIND, keyOf(tenant, id), undefined, { version: found.version })) return true;
    }
  }

  async #read(tenant: string, id: string): Promise<{ upload: Upload; version: number } | undefined> {
    const found = await this.#store.getRecord(KIND, keyOf(tenant, id));
    return found && { upload: JSON.parse(found.value) as Upload, version: found.version };
  }

  async #write(tenant: string, upload: Upload, version: number): Promise<boolean> {
    const options = { version, ttlMs: upload.expiresAt - Date.now(), blobs: [upload.sha256] };
    return await this.#store.setRecord(KIND, keyOf(tenant, upload.id), JSON.stringify(upload), options);
  }
}
