// who.ts: whether a text tells who did what was asked about, and not only that somebody is named in it.

import { contentTerms } from '../words/words.ts';
import { saidByForm } from './by-form.ts';

/** "Who founded it": what neither says so in some form nor names an author answers nothing. */
export function saysWho(asked: string, said: string): boolean {
  const [done] = contentTerms(
    /\bwho (?:has |had |have )?(?:(?:first|also|\p{L}+ly) )?(\p{L}{3,})/iu.exec(
      asked.replace(/\bcame up with\b/i, 'created'),
    )?.[1] ?? '',
  );
  if (
    done === undefined ||
    saidByForm([done], said, 'who').length > 0 ||
    /\b(?:by|authors?|creators?|owners?|copyright|maintainers?)\b/i.test(said)
  )
    return true;
  return contentTerms(said).some((term) => term.startsWith(done.slice(0, 4)));
}
