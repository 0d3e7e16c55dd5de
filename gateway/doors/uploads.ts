// uploads.ts: files that callers sent, each as a small record that keeps its bytes in the store for as long as a task may use
// them. Of one tenant alone: whoever guesses an id of another's is told that there is none.

import { randomBytes } from 'node:crypto';
import { BACKSTOP_DAYS } from '../../protocol/limits.ts';
import { addToCounter } from '../../store/counter.ts';
import type { Store } from '../../store/store.ts';
import { ProblemError } from '../wire/problems.ts';
import type { TenantLimits } from './tenant-accounts.ts';

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
  readonly #limitsOf: (tenant: string) => TenantLimits;
  #atOnce = 0;

  constructor(store: Store, maxBytes: number, limitsOf: (tenant: string) => TenantLimits = () => ({})) {
    this.#store = store;
    this.maxBytes = maxBytes;
    this.#limitsOf = limitsOf;
  }

  /**
   * Counts bytes that are about to be kept, all of them or none, over all gateways.
   * @throws ProblemError (uploads_spent) with Retry-After; StoreError
   */
  async count(tenant: string, bytes: number): Promise<void> {
    const most = this.#limitsOf(tenant).uploadBytesPerDay;
    if (most === undefined) return;
    const now = Date.now();
    const day = new Date(now).toISOString().slice(0, 10);
    const options = { most, whole: true, ttlMs: 2 * DAY_MS };
    const { added } = await addToCounter(this.#store, 'tenant-upload-bytes', `${tenant}/${day}`, bytes, options);
    if (added > 0) return;
    throw new ProblemError('uploads_spent', `this tenant may send ${most} bytes of files a day; nothing was kept`, {
      headers: { 'retry-after': String(Math.ceil((DAY_MS - (now % DAY_MS)) / 1_000)) },
    });
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
