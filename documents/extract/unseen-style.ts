// unseen-style.ts: how a page hides words from people and not from programs. What nobody sees is not quoted and not read,
// whether the page is a file or comes from the web.

/** Styles of an element by which nothing of it is seen. Style sheets are not read. */
export const UNSEEN_STYLE =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*0*\.?0*(?:%|\s*(?:;|!|$))|font-size\s*:\s*0|(?:max-)?(?:height|width)\s*:\s*0(?:px|em|rem|%)?\s*(?:;|!|$)|clip\s*:\s*rect\(\s*0|clip-path\s*:\s*inset\(\s*(?:50|100)%|text-indent\s*:\s*-\d{3,}|(?:left|top|right)\s*:\s*-\d{3,}|color\s*:\s*transparent)/i;
