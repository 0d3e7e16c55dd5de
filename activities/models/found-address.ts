// found-address.ts: where a server's API turned out to be, near to the address that the settings name: tried there first, then
// where it mostly is, until something answers. Knows nothing of what is asked.

import type OpenAI from 'openai';
import { kindOf, serverError } from './openai-faults.ts';
import { versionedAddress } from './server-address.ts';

export class FoundAddress {
  readonly #client: OpenAI;
  readonly #written: string;
  readonly #onFound: (line: string) => void;
  #isThere = false;
  #foundAt: string | undefined;

  /** @param onFound told in a sentence that it is at another address than the settings say, whenever that changes. */
  constructor(client: OpenAI, onFound: (line: string) => void) {
    this.#client = client;
    this.#written = client.baseURL;
    this.#onFound = onFound;
  }

  /** True once something other than an unknown address came from there. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** Where it is; undefined while that is where the settings say. */
  get other(): string | undefined {
    return this.#client.baseURL === this.#written ? undefined : this.#client.baseURL;
  }

  /** Where it was before: tried first. Anything but the one other address that there is, is none. */
  recall(kept: unknown): void {
    const other = versionedAddress(this.#written);
    if (other !== undefined && kept === other && !this.#isThere) this.#client.baseURL = other;
  }

  /** At the address, or at the other one when nothing is there. @throws what `make` throws */
  async at<T>(make: () => Promise<T>): Promise<T> {
    const asked = this.#client.baseURL;
    try {
      return await this.#heard(make);
    } catch (error) {
      const other = asked === this.#written ? versionedAddress(asked) : this.#written;
      if (this.#isThere || serverError(error) === undefined || other === undefined) throw error;
      this.#client.baseURL = other;
      try {
        return await this.#heard(make);
      } catch (second) {
        if (this.#isThere) throw second;
        this.#client.baseURL = asked;
        throw error;
      } finally {
        if (this.#isThere) this.#moved(asked, other);
      }
    }
  }

  async #heard<T>(make: () => Promise<T>): Promise<T> {
    try {
      const made = await make();
      this.#isThere = true;
      return made;
    } catch (error) {
      const said = serverError(error);
      if (said && kindOf(said) !== 'address') this.#isThere = true;
      throw error;
    }
  }

  #moved(asked: string, other: string): void {
    // Of first calls under way together another may have looked elsewhere meanwhile.
    this.#client.baseURL = other;
    if (this.#foundAt === other) return;
    this.#foundAt = other;
    const advice = other === this.#written ? '' : ': write that into the settings';
    this.#onFound(`answers under ${other}, not under ${asked}${advice}`);
  }
}
