// blocks.ts: how data stands in a prompt: in tagged blocks that nothing inside can close.

/** Text between tags. A closing tag inside the text is broken, so that data can't end its own block. */
export function block(tag: string, text: string): string {
  return `<${tag}>\n${text.replaceAll('</', '<\\/')}\n</${tag}>`;
}

/** JSON between tags; JSON's own escapes keep `<` out of the text. */
export function jsonBlock(tag: string, value: unknown): string {
  return `<${tag}>\n${JSON.stringify(value).replaceAll('<', '\\u003c')}\n</${tag}>`;
}
