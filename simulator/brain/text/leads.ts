// leads.ts: what leads a unit in: the line above a list or code, the item above its own items, the term of a definition,
// the item that a paragraph explains.

import { helpInWords } from './help-lines.ts';
import type { Unit } from './unit.ts';

const MAX_LEAD = 160;
const MAX_TERM = 60;

/** Sets the leads of a text's units. */
export function leadIn(units: Unit[], text: string): void {
  let leads: { unit: Unit; indent: number }[] = [];
  let term: Unit | undefined;
  /** Where the text of the last item begins, while what follows is of it. */
  let item: number | undefined;
  let ofItem: Unit | undefined;
  const lineOf = lineStarts(text);
  units.forEach((unit, index) => {
    const before = units[index - 1];
    const indent = unit.start - lineOf(unit.start);
    const isOfCode = unit.kind === 'code' || unit.kind === 'comment';
    const isLed = unit.kind === 'item' || isOfCode;
    const wasOfItem = item !== undefined;
    const isApart = /\n\s*\n/.test(text.slice(before?.end ?? 0, unit.start));
    if (unit.kind === 'item') [item, ofItem] = [indent, unit];
    else if (unit.kind !== 'sentence' || (isApart && indent <= (item ?? indent))) item = undefined;
    if (item !== undefined && unit.kind === 'sentence') unit.isOfItem = true;
    if (!isLed && item === undefined) leads = [];
    const isOpened = before?.kind === 'sentence' && (opens(before) || (isOfCode && goesOn(before)));
    if (isLed && before?.kind === 'sentence' && (!wasOfItem || isOpened))
      leads = isOpened ? [...(wasOfItem ? leads : []), { unit: before, indent: wasOfItem ? indent - 1 : -1 }] : [];
    leads = leads.filter((lead) => lead.indent < indent);
    const isDefinition = before?.kind === 'sentence' && before.text.length <= MAX_TERM && /^:\s/.test(unit.text);
    if (isDefinition) term = before;
    else if (isTerm(unit)) term = unit;
    else if (unit.kind === 'heading' || (isApart && before !== term)) term = undefined;
    const by = isDefinition ? before : isLed ? leads.at(-1)?.unit : unit.isOfItem ? ofItem : undefined;
    const over = by ?? (term === unit ? undefined : term);
    if (over) {
      unit.ledBy = over.text;
      unit.lead = shortened(over.text)
        .replace(/(?:[.:]+[*_]*|[*_]+)\s*$/, '')
        .replace(/^(?:(?!--?\w)[\s*+•>#_~|-]|\d{1,3}[.)]\s)+/, '');
    }
    if (unit.kind === 'item' && isShort(unit) && helpInWords(unit.text) === undefined) leads.push({ unit, indent });
  });
}

/** Where the line of a place begins, of places in their order: one line may be all of a text. */
function lineStarts(text: string): (at: number) => number {
  let line = 0;
  let end = text.indexOf('\n');
  return (at) => {
    for (; end >= 0 && end < at; end = text.indexOf('\n', line)) line = end + 1;
    return line;
  };
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > MAX_LEAD ? `${line.slice(0, line.lastIndexOf(' ', MAX_LEAD))}…` : line;
}

/** "**adm**", with a paragraph below it that says what it is. */
const isTerm = ({ kind, text, isTerm: isMarked }: Unit): boolean =>
  isMarked === true || (kind === 'sentence' && text.length <= MAX_TERM && /^\*\*[^*]+\*\*$/.test(text));

const opens = ({ text }: Unit): boolean => text.length <= MAX_LEAD && /:[*_`]*$/.test(text);
/** "This can be done with", and code below it. */
const goesOn = ({ text }: Unit): boolean => text.length <= MAX_LEAD && /[\p{L}\p{N}]$/u.test(text);
/** No sentence of its own. */
const isShort = ({ text }: Unit): boolean => text.length <= MAX_LEAD && !/[.!?][*_`)]*$/.test(text);

/** "Comp time is when …", "pod: what one Activity carries": what a sentence says something of. */
export const termOf = (text: string): string | undefined => TERM.exec(text)?.[1];

const TERM =
  /^(?:(?:an?|the|each|every) )?([^:.,;]{1,60}?)(?:: | (?:is|are|was|were) (?:an?|the|one|any|what|when|how|\p{L}+ (?:that|which|of|for)) | (?:means?|refers? to|denotes?) )/iu;
