// shown-address.ts: a receiver's address as people and logs see it. Whoever knows the path of a chat's hook or the name of a topic
// may write there, so neither is shown.

import { textMark } from './text-mark.ts';

const MAX_CHARS = 120;

/**
 * Of a URL its scheme and host, of a mail address all, of anything else nothing; where something is left out, four digits in its
 * place tell one receiver from another: `https://hooks.example.com/…3f0a`.
 */
export function shownAddress(to: string): string {
  if (/^[^\s@/?#:]{1,64}@[^\s@/?#:]{1,120}$/.test(to)) return to;
  const hidden = `…${textMark(to).slice(0, 4)}`;
  const [, scheme = '', server, rest = ''] =
    /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^/?#@]+)\/?(.*)$/is.exec(to) ?? [];
  if (server === undefined) return hidden;
  const shown = `${scheme}${server}`.toLowerCase().slice(0, MAX_CHARS);
  return rest === '' ? shown : `${shown}/${hidden}`;
}

/** Parts of an address that are shorter are words of any sentence. */
const SHORTEST_SECRET = 5;

/** What a notifier says of an address, without what is not shown of it. */
export function withoutAddress(text: string, to: string): string {
  const shown = shownAddress(to);
  if (shown === to) return text;
  const [, , rest = to] = /^([a-z][a-z0-9+.-]*:\/\/[^/?#]*)(.*)$/is.exec(to) ?? [];
  const parts = rest.split(/[/?#&=:@]+/).filter((part) => part.length >= SHORTEST_SECRET);
  return [rest, ...parts].reduce(
    (said, part) => (part.length < SHORTEST_SECRET ? said : said.replaceAll(part, '…')),
    text.replaceAll(to, shown),
  );
}
