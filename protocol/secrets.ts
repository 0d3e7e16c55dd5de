// secrets.ts: which values are secret, and texts without them: one list for logs, errors, the stack's marks and what MCP servers
// say. Pure: whoever calls hands the environment in.

/** What shorter values say is no secret, and stands in many a sentence. */
const LEAST_CHARS = 6;
const LEAST_PASSWORD = 4;
/** Of an authorization header the word before the key. */
const SCHEME = /^(?:bearer|basic|digest|token|apikey|negotiate)$/i;
/** Names of variables, headers and settings whose values are secret. */
const SECRET_NAME = /key|token|secret|pass|auth|credential|cookie|_pat$/i;
/** Names that read so, and lead to a place: what can't be opened there must be told by it. */
const PLACE_NAME = /(?:_PATH|_FILE|_SOCK|_DIR)$|^XAUTHORITY$/i;
/** What gives itself away wherever it stands: keys and tickets of a gateway, webhook secrets, tokens, authorization headers. */
const SHAPES = [
  /\b(?:mk|st)_[\w-]+/g,
  /\bwhsec_[A-Za-z0-9+/=]+/g,
  /\bsk-[\w-]{8,}/g,
  /\beyJ[\w-]{8,4000}\.[\w-]{1,4000}\.[\w-]{0,4000}/g,
  /(?<=\b(?:bearer|basic)\s+)[\w.~+/=-]{6,}/gi,
  /(?<=:\/\/[^\s/@:"]{0,100}:)[^\s/@"\\]{1,200}(?=@)/g,
];
const HIDDEN = '…';

type Variables = Readonly<Record<string, string | undefined>>;

/** Whether a variable, a header or a setting of this name has a secret for its value. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name) && !PLACE_NAME.test(name);

/**
 * The secrets of an environment: of variables whose names say so, of those that a config file takes secrets from, and the
 * passwords in addresses.
 * @param config text of the config file, which names variables under `keyFrom`, `tokenFrom`, `passwordFrom`, ….
 */
export function secretsOf(env: Variables, config = ''): string[] {
  const named = namedIn(config);
  return Object.entries(env).flatMap(([name, value = '']) => [
    ...(isSecretName(name) || named.includes(name) ? partsOf(value) : []),
    // A shorter one stands in many a word; in an address it is hidden all the same.
    ...passwordsIn(value).filter((one) => one.length >= LEAST_PASSWORD),
  ]);
}

/** The variables that a config file takes secrets from. */
export const namedIn = (config: string): string[] =>
  [...config.matchAll(/"[a-z]+From"\s*:\s*(\[[^\]]*\]|"[^"]*")/g)].flatMap(([, names = '']) =>
    [...names.matchAll(/"([A-Z][A-Z0-9_]*)"/g)].map(([, name = '']) => name),
  );

/** A secret value and its words that are worth hiding alone: of `Bearer abc…` the second. */
export const partsOf = (value: string): string[] =>
  [value, ...value.split(/\s+/)].filter((part) => part.length >= LEAST_CHARS && !SCHEME.test(part));

/** The passwords in an address, as they are written, decoded, and as `encodeURIComponent` writes them. */
export function passwordsIn(address: string): string[] {
  const [, written = ''] = /^[a-z][a-z0-9+.-]*:\/\/[^\s/@:]*:([^\s/@]+)@/i.exec(address) ?? [];
  const [, asked = ''] = /^[a-z][a-z0-9+.-]*:\/\/\S*[?&]password=([^&#\s]+)/i.exec(address) ?? [];
  const all = [written, asked].filter((one) => one !== '');
  return [...new Set(all.flatMap((one) => [one, decodedOf(one), encodeURIComponent(decodedOf(one))]))];
}

/**
 * A function that takes these secrets, and whatever has the shape of one, out of a text.
 * @param secrets values as they are; also found where JSON, or JSON within JSON, has escaped them.
 */
export function hiding(secrets: readonly string[]): (text: string) => string {
  // The longest first: one may be part of another.
  const all = [...new Set(secrets)].filter((one) => one !== '').sort((a, b) => b.length - a.length);
  const places = all.map((secret) => (CHANGED_IN_JSON.test(secret) ? inJsonOfAnyDepth(secret) : secret));
  return (text) => {
    const without = places.reduce<string>((left, place) => left.replaceAll(place, HIDDEN), text);
    return SHAPES.reduce((left, shape) => left.replaceAll(shape, HIDDEN), without);
  };
}

// oxlint-disable-next-line no-control-regex -- they are among what JSON escapes
const CHANGED_IN_JSON = /["\\\u0000-\u001f]/;

/** A model's arguments are JSON in a message, a tool's words JSON in these: each time, backslashes are doubled. */
function inJsonOfAnyDepth(secret: string): RegExp {
  // oxlint-disable-next-line no-control-regex -- the same
  const parts = secret.replaceAll(/\\+"?|"|[\u0000-\u001f]|[^]/g, (part) => {
    // Bounded: whoever writes a text of backslashes alone must not hold up a process.
    if (part.startsWith('\\')) return `\\\\{1,64}${part.endsWith('"') ? '"' : ''}`;
    if (part === '"') return '\\\\{0,64}"';
    if (part < ' ') return `(?:${part}|\\\\{1,64}${JSON.stringify(part).slice(2, -1)})`;
    return part.replace(/[.*+?^${}()|[\]/-]/, String.raw`\$&`);
  });
  return new RegExp(parts, 'g');
}

function decodedOf(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
