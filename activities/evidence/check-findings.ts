// check-findings.ts: checks what a sub-agent claims against the sources. A quote that is not in its source goes no further.

import type { Citation, Finding } from '../../protocol/findings.ts';
import type { FindingsOutput } from '../text/prompts/findings-prompt.ts';
import { withoutForeignAddresses } from '../text/foreign-addresses.ts';

/** What a kind's own check may ask. */
export interface CheckContext {
  /** Finds a quote in a source of the task: the source's own words and place, or undefined. */
  locate: (source: string, quote: string) => Promise<Citation | undefined>;
  /** Texts whose addresses may be repeated: what the person asked, and sources that are pages. Default: none. */
  shown?: readonly string[];
}

export interface CheckedFindings {
  findings: Omit<Finding, 'id'>[];
  missing: string[];
}

/**
 * Keeps the claims whose quotes are all found where they are said to be; of the others, keeps what stands. Addresses
 * that it was not shown in its quotes or by the person are left out of a claim.
 */
export async function checkFindings(
  output: FindingsOutput,
  { locate, shown = [] }: CheckContext,
): Promise<{ accepted: CheckedFindings; problems: string[] }> {
  const findings: Omit<Finding, 'id'>[] = [];
  const problems: string[] = [];
  for (const { claim, citations } of output.findings) {
    const found: Citation[] = [];
    for (const { source, quote } of citations) {
      const citation = await locate(source, quote);
      if (citation) found.push(citation);
      else {
        const problem = `claim "${shorten(claim)}": the quote "${shorten(quote)}" does not stand in ${shorten(source)}`;
        problems.push(withoutForeignAddresses(problem, shown));
      }
    }
    if (found.length === 0) continue;
    const cited = found.flatMap(({ source, quote }) => [source, quote]);
    const said = withoutForeignAddresses(claim, [...shown, ...cited]);
    const same = findings.some((one) => one.claim === said && one.citations[0]?.quote === found[0]?.quote);
    if (!same) findings.push({ claim: said, citations: found });
  }
  const missing = output.missing.map((one) => withoutForeignAddresses(one, shown));
  return { accepted: { findings, missing }, problems };
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
