// check-findings.ts: holds what a sub-agent claims against the sources. A quote that is not in its source goes no further.

import type { Citation, Finding } from '../../protocol/findings.ts';
import type { FindingsOutput } from '../prompts/findings-prompt.ts';

export interface CheckedFindings {
  findings: Omit<Finding, 'id'>[];
  missing: string[];
}

/**
 * Keeps the claims whose quotes are all found where they are said to be; of the others, keeps what stands.
 * @param locate finds a quote in a source: the source's own words and place, or undefined.
 */
export async function checkFindings(
  output: FindingsOutput,
  locate: (source: string, quote: string) => Promise<Citation | undefined>,
): Promise<{ accepted: CheckedFindings; problems: string[] }> {
  const findings: Omit<Finding, 'id'>[] = [];
  const problems: string[] = [];
  for (const { claim, citations } of output.findings) {
    const found: Citation[] = [];
    for (const { source, quote } of citations) {
      const citation = await locate(source, quote);
      if (citation) found.push(citation);
      else
        problems.push(`claim "${shorten(claim)}": the quote "${shorten(quote)}" does not stand in ${shorten(source)}`);
    }
    if (found.length > 0) findings.push({ claim, citations: found });
  }
  return { accepted: { findings, missing: output.missing }, problems };
}

const shorten = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
