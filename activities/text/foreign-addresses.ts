// foreign-addresses.ts: what a model writes names no address that it was not shown where it says so. A document can make a
// model write one; here it goes no further. What may be fetched at all is the business of the web's guard.

const REST = '[^\\s<>"\'“”‘’)\\]]';
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]*[\\p{L}\\p{N}])?';
const HOST = `${LABEL}(?:\\.${LABEL})+`;
/** What stands behind the last dot of a file's name and is no country, so that `notes.md/intro` stays. */
const FILE_ENDINGS =
  'md|mdx|py|pyi|rs|cs|kt|swift|scala|ini|cfg|conf|env|txt|rst|html?|pdf|csv|json|ya?ml|toml|xml|js|jsx|mjs|cjs|ts|tsx|mts|cts|java|go|rb|php|c|h|cpp|css|sql|sh|lock|log';

/** With a scheme, or written as people write hosts, in any script; e-mail addresses are recipients. */
const ADDRESSES = new RegExp(
  [
    // A scheme alone is no address: "works for `rest://`".
    `\\b[a-z][a-z0-9+.-]{1,20}://(?!\`|[.,;:!?]+(?:\\s|$))${REST}+`,
    `\\b(?:mailto|javascript|data):${REST}+`,
    `\\bwww\\.${REST}+`,
    // Looks back, as the last one does: of a long word each place would else be tried as a beginning.
    `(?<![\\p{L}\\p{N}_.+-])[\\p{L}\\p{N}_.+-]+@(?:${LABEL}\\.)+(?:\\p{L}{2,24}|xn--[a-z0-9-]+)`,
    `(?<![:/\\p{L}\\p{N}])//${HOST}${REST}*`,
    // A host alone is often no address ("Node.js", "e.g."); with a path behind it, it is.
    `(?<![\\p{L}\\p{N}_./@-])(?:${LABEL}\\.)+(?!(?:${FILE_ENDINGS})/)(?:\\p{L}{2,24}|xn--[a-z0-9-]+)/${REST}*`,
  ].join('|'),
  'giu',
);

const LEFT_OUT = '[address left out]';

/**
 * The text without addresses that stand in none of `shown`.
 * @param shown the quotes and sources that it rests on, and what the person asked.
 * @param onForeign told each address that is left out.
 */
export function withoutForeignAddresses(
  text: string,
  shown: readonly string[],
  onForeign: (address: string) => void = () => undefined,
): string {
  // Most texts have no address: then nothing is made of what was shown.
  let seen: string[] | undefined;
  const isShown = (part: string): boolean => {
    const wanted = plain(part);
    return (seen ??= shown.map(plain)).some((one) => one.includes(wanted));
  };
  return text.replace(ADDRESSES, (address) => {
    const bare = address.replace(/[.,;:!?*_`]+$/, '');
    // What looks like a host and a path may be two words of a source, as in "ASP.NET/C#".
    const isPair = !/^(?:[a-z][a-z0-9+.-]*:|\/\/|www\.)|@/i.test(bare);
    if (isShown(bare) || (isPair && bare.split('/').every(isShown))) return address;
    onForeign(bare);
    return LEFT_OUT + address.slice(bare.length);
  });
}

/** An address as it is compared: with and without its scheme it is the same one. */
const plain = (text: string): string =>
  text
    .toLowerCase()
    .replace(/\bhttps?:\/\/(?:www\.)?/g, '')
    .replace(/\/$/, '');
