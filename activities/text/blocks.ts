// blocks.ts: how data stands in a prompt: in tagged blocks and in JSON strings that nothing inside can close, without
// characters that a person would not see. Whoever shows a model text from outside does it through here.

import { z } from 'zod';
import { checkDefinition } from '../../protocol/schemas/definition.ts';
import { visibleText } from '../../documents/extract/visible-text.ts';

/**
 * What looks like the beginning of a tag of ours, of a turn, or of a model's own control token; with spaces and look-alike
 * signs, too. Models read loosely what a parser would read strictly.
 */
const TAG =
  /[<\u2039\u3008\ufe64\uff1c](?=\s*[/\\|\uff0f\uff5c\u2044\u2215]|\s*<?\s*(?:goal|subtasks?|missing|kinds|documents?|needs|earlier|findings|headings|claims|conflicts|board|answer|max|problems|gaps|sources?|passages?|system|sys|user|assistant|tools?|tool_\w+|schema|function|im_start|im_end|start_of_turn|end_of_turn|s|bos|eos)\b)/giu;
const INSTRUCTION_TOKEN = /\[(?=\s*\/?\s*INST\s*\])/gi;

const blockShape = z.object({ tag: z.string().min(1), text: z.string() });

/**
 * Text between tags. A tag inside the text is broken, so that data can't end its own block or open another.
 * @throws DefinitionError for what is no text.
 */
export function block(tag: string, text: string): string {
  checkDefinition('a block', { tag, text }, blockShape);
  const broken = visibleText(text)
    .replace(TAG, (sign) => `${sign}\\`)
    .replace(INSTRUCTION_TOKEN, '[\\');
  return `<${tag}>\n${broken}\n</${tag}>`;
}

/** JSON between tags; JSON's own escapes keep `<` out of the text. */
export function jsonBlock(tag: string, value: unknown): string {
  return `<${tag}>\n${dataJson(value).replaceAll('<', '\\u003c')}\n</${tag}>`;
}

/**
 * A value as JSON for a model: the JSON strings delimit what is from outside. Means the same as `JSON.stringify`, without
 * invisible characters and with the signs that begin a tag or a control token escaped.
 */
export function dataJson(value: unknown): string {
  const json = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? visibleText(inner) : inner,
  ) as string | undefined;
  return (json ?? 'null').replace(TAG, escaped).replace(INSTRUCTION_TOKEN, escaped);
}

const escaped = (sign: string): string => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
