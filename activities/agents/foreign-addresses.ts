// foreign-addresses.ts: what a model writes names no address that it was not shown where it says so. A document can make a
// model write one; here it goes no further. What may be fetched at all is the business of the web's guard.

/** With a scheme, or written as people write hosts; e-mail addresses are recipients. */
const ADDRESSES =
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s<>"'“”‘’)\]]+|\b(?:mailto|javascript|data):[^\s<>"'“”‘’)\]]+|\bwww\.[^\s<>"'“”‘’)\]]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/gi;

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
  return text.replace(ADDRESSES, (address) => {
    const bare = address.replace(/[.,;:!?*_`]+$/, '');
    const known = shown.some((one) => one.toLowerCase().includes(bare.toLowerCase()));
    if (known) return address;
    onForeign(bare);
    return LEFT_OUT + address.slice(bare.length);
  });
}
