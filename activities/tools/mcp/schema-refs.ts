// schema-refs.ts: follows the references of a JSON Schema within itself, since most providers take none. Nothing is fetched.

import { isObject } from './json-object.ts';

/** Why a schema can't be shown to a model. */
export class Unfit extends Error {}

export class SchemaRefs {
  readonly #root: unknown;

  constructor(root: unknown) {
    this.#root = root;
  }

  /**
   * The schema that is meant, and the references that are open then. Undefined for one that says nothing, and for one that
   * stands inside itself: what is deeper is for the model to say.
   * @throws Unfit when it refers to another document.
   */
  follow(
    given: unknown,
    open: readonly string[],
  ): { schema: Record<string, unknown>; open: readonly string[] } | undefined {
    if (!isObject(given)) return undefined;
    const { $ref, ...own } = given;
    if (typeof $ref !== 'string') return { schema: given, open };
    if (!$ref.startsWith('#')) throw new Unfit('its input schema refers to another document');
    if (open.includes($ref)) return undefined;
    const target = this.follow(this.#find($ref), [...open, $ref]);
    // What stands beside the reference counts too, its description for one.
    return target && { schema: { ...target.schema, ...own }, open: target.open };
  }

  #find(ref: string): unknown {
    const path = decoded(ref.slice(1));
    if (path === '') return this.#root;
    const parts = path.startsWith('/')
      ? path
          .slice(1)
          .split('/')
          .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
      : undefined;
    if (!parts) return this.#anchored(path);
    let at = this.#root;
    for (const part of parts) {
      if ((!isObject(at) && !Array.isArray(at)) || !Object.hasOwn(at, part)) return undefined;
      at = (at as Record<string, unknown>)[part];
    }
    return at;
  }

  /** `#name`: among the definitions, where anchors stand. */
  #anchored(name: string): unknown {
    const { $defs, definitions } = isObject(this.#root) ? this.#root : {};
    return [$defs, definitions]
      .flatMap((table) => (isObject(table) ? Object.values(table) : []))
      .find((one) => isObject(one) && (one.$anchor === name || one.$id === `#${name}`));
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
