// headings.ts: lines that stand over others: headings of Markdown, and in plain texts versions of a changelog, numbered
// questions, and numbered or capital titles.

const ATX = /^\s{0,3}#{1,6}\s/;
const VERSION = /^[\s#[]*(?:(?:version|release)\s+)?(?:v?\d+\.\d+|v\d)[\w.+-]*(?![\w.])/i;
/** "6.10 The Restricted Shell": the number of a section, and not of a version. */
const SECTION =
  /^[\s#]*\d{1,2}(?:\.\d{1,2}){1,3}(?:\.?\s+|\.\s+[-–—]\s+)(?!(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|release|final|alpha|beta|rc|stable|unreleased|maintenance|security|hotfix|patch|latest|changes?)\p{L}*\b)\p{L}{2,}/iu;
/** "man-db 2.10.0 (4 February 2022)": a version behind a name, with a date, or of three numbers. */
const NAMED = /^[\s#]*\p{L}[\w.+-]* v?\d+\.\d(?:[\w+-]*\.\d[\w.+-]*\s*(?:$|[(:–—-])|[\w.+-]*\s.*\b(?:19|20)\d\d\b)/u;
/** "Git 2.35 Release Notes", "What's new in Python 3.12". */
const NOTES =
  /^[\s#]*(?:[\p{L}'’-]+ ){1,3}v?\d+\.\d[\w.+-]* release notes\b|^[\s#]*(?:release notes (?:for|of)|what['’]s new in) (?:[\p{L}'’-]+ ){0,3}v?\d+(?:\.\d[\w.+-]*)?$/iu;
/** As GNU has them: "* Noteworthy changes in release 4.9 (2022-11-06) [stable]", and below it "** Bug fixes". */
const OUTLINED_ENTRY =
  /^(?:\* )?(?:[\p{L}'’-]+ ){0,2}(?:changes|news|new|fixes|features) in (?:[\w+-]+ ){0,3}v?\d+\.\d/iu;
const OUTLINED = /^\*{2,4} \p{Lu}[^.]{2,58}[^.,;:\s]$/u;
/** "openssh (1:9.2p1-1) unstable; urgency=medium" */
const DEBIAN = /^[a-z\d][a-z\d.+-]* \([\w.:~+-]*\d[\w.:~+-]*\) [\w-]+;/;
const QUESTION = /^\s{0,3}(?:\d{1,3}[.)]\s+\S|(?:\d{1,3}(?:\.\d{1,3}){1,3}\.?\s+)?\p{Lu})(?:[^.]|\.(?!\s))*\?\s*$/u;
/** A question of a list of such, and its answer. */
const ASKED = /^\s{0,3}(?:Q ?(?:\d{1,3}(?:\.\d{1,3}){0,2})?|Question(?: \d{1,3})?)[.:)]\s+(?=\S)/;
const ANSWERED = /^\s{0,3}(?:A ?(?:\d{1,3}(?:\.\d{1,3}){0,2})?|Answer)[.:)](?:\s+|$)/;
const NUMBERED = /^\s{0,3}\(?(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]{1,6})[.)]?\s+\p{Lu}[^.]{2,90}[^.\d\s:,;]$/u;
const CAPITALS = /^\s{0,3}(?=(?:.*\p{Lu}){4})[\p{Lu}\d][\p{Lu}\d\s,'’"&()./:-]{3,90}$/u;
/** "History and Command Re-entry": each word but the small ones with a capital. */
const TITLED =
  /^(?=.{4,60}$)\p{Lu}[\p{L}\p{N}'’/-]*(?: (?:\p{Lu}[\p{L}\p{N}'’/-]*|and|or|of|the|an?|in|on|to|for|with|by|from|as|at|vs))+$/u;

/** "Noteworthy changes in release 4.9": what says no more than the release does goes. */
export const shortEntry = (heading: string): string => {
  const [told] = OUTLINED_ENTRY.exec(heading) ?? [''];
  const from = told.search(/\sin\s/i);
  return from < 0 ? heading : heading.slice(from).trimStart().replace(/^in\s/i, '');
};

export const isHeading = (line: string): boolean => ATX.test(line);

/** Whether a heading is a version, with its date or without: "## 8.16.0 (2026-02-19)", "[1.2.0]", "v5", "version 1.31". */
export const isEntry = (heading: string): boolean =>
  (VERSION.test(heading) && !SECTION.test(heading)) ||
  NAMED.test(heading) ||
  NOTES.test(heading) ||
  DEBIAN.test(heading) ||
  OUTLINED_ENTRY.test(heading);

/** Whether a line begins a question with its mark, or the answer to it. */
export const isQuestion = (line: string): boolean => ASKED.test(line);
export const isAnswer = (line: string): boolean => ANSWERED.test(line);
export const withoutMark = (line: string): string => line.replace(ASKED, '').replace(ANSWERED, '');

/** Whether a line that stands alone, between blank ones, is a heading though nothing marks it as one. */
export const isBareHeading = (line: string): boolean =>
  (line.length < 100 && isEntry(line)) ||
  QUESTION.test(line) ||
  OUTLINED.test(line) ||
  NUMBERED.test(line) ||
  CAPITALS.test(line) ||
  TITLED.test(line);
