// entries.ts: headings of changelogs. What stands under a version, under its "Bug fixes" too, is of that version.

/** Whether a heading is a version, with its date or without: "## 8.16.0 (2026-02-19)", "[1.2.0]", "v5". */
export const isEntry = (heading: string): boolean => /^[\s#[]*(?:v\d|\d+\.\d+)[\w.+-]*(?![\w.])/i.test(heading);
