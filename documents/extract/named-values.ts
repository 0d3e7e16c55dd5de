// named-values.ts: what a document's own names stand for, as attributes of AsciiDoc and macros of Org do. All that is put in is
// bounded by the length of the document: one whose names stand for each other would else grow without end.

/** What may be put in whatever the length of the document, in characters. */
const AT_LEAST = 10_000;

export class NamedValues {
  readonly #values = new Map<string, string>();
  #room: number;

  /** @param length of the document, in characters */
  constructor(length: number) {
    this.#room = AT_LEAST + length;
  }

  /** Names are the same in small letters and large ones. */
  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value);
  }

  /**
   * What is put in for a name; undefined where it stands for nothing, and for all names once one would be too much.
   * @param filled makes it of the value. Default: the value as it is.
   */
  get(name: string, filled: (value: string) => string = (value) => value): string | undefined {
    const value = this.#values.get(name.toLowerCase());
    if (value === undefined || this.#room < 0) return undefined;
    const put = filled(value);
    this.#room -= put.length;
    return this.#room < 0 ? undefined : put;
  }
}
