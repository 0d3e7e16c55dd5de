// mail-html.ts: the Markdown that answers are written in as plain HTML for a mail: headings, lists, lines. It loads nothing and
// runs nothing, whatever the texts in it say.

/** @param url where the text's last line leads. */
export function mailHtml(title: string, text: string, url: string | undefined): string {
  const parts: string[] = [];
  let isList = false;
  const put = (line: string, inList = false): void => {
    if (inList !== isList) parts.push(inList ? '<ul>' : '</ul>');
    isList = inList;
    parts.push(line);
  };
  for (const line of text.split(/\r?\n/)) {
    const [, mark = '', words = ''] = /^(#{1,6} |- |> )?(.*)$/.exec(line.trim()) ?? [];
    if (words === '' && mark === '') continue;
    if (mark === '- ') put(`<li>${escaped(words)}</li>`, true);
    else if (mark.startsWith('#')) put(`<h2>${escaped(words)}</h2>`);
    else if (url !== undefined && words.endsWith(url)) put(`<p>${linked(words, url)}</p>`);
    else put(`<p>${escaped(words)}</p>`);
  }
  if (isList) parts.push('</ul>');
  return `<!doctype html>\n<html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title>\n<body>\n<h1>${escaped(title)}</h1>\n${parts.join('\n')}\n</body></html>\n`;
}

const linked = (words: string, url: string): string =>
  `${escaped(words.slice(0, -url.length))}<a href="${escaped(url)}">${escaped(url)}</a>`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string =>
  text.replace(/\p{Cc}+/gu, ' ').replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
