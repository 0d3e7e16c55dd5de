// findings.ts: what a sub-agent found: a claim with the exact words it rests on.

/** Where a quote stands in the extracted text. `page` only where the source has pages. Both count from 1. */
export interface Place {
  page?: number;
  line: number;
}

/** A quote that was found in its source by code, never as the model gave it. */
export interface Citation {
  /** The source's name as people know it: a path relative to the named folder. */
  source: string;
  /** SHA-256 of the extracted text that the quote stands in. */
  sha256: string;
  /** Exact words of the source. */
  quote: string;
  place: Place;
}

export interface Finding {
  /** `s1/g1/3`: subtask, generation, number. */
  id: string;
  claim: string;
  citations: Citation[];
}

/** A finding's short form for histories, Signals and live views. */
export interface FindingDigest {
  id: string;
  claim: string;
  /** First citation: `commander/Readme.md:120`. */
  at: string;
}

export function digestOf(finding: Finding, maxChars: number): FindingDigest {
  const claim = finding.claim.length > maxChars ? `${finding.claim.slice(0, maxChars - 1)}…` : finding.claim;
  const first = finding.citations[0];
  return { id: finding.id, claim, at: first ? citationPlace(first) : '' };
}

/** `file.md:12`, or `file.pdf p. 3:12`. */
export function citationPlace(citation: Pick<Citation, 'source' | 'place'>): string {
  const { page, line } = citation.place;
  return page === undefined ? `${citation.source}:${line}` : `${citation.source} p. ${page}:${line}`;
}
