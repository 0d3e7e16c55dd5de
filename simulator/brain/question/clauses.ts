// clauses.ts: cuts a question where it really is several. A clause that leans on another ("its", "that library")
// stays with it, because alone it would ask about nothing.

import { namesIn } from '../words/names.ts';
import { contentTerms } from '../words/words.ts';

/** Tells of lower-case words that are names here, such as those of the documents. */
type Known = (word: string) => boolean;

/** Longer goals are not cut: they are briefs, not questions. */
const MAX_LENGTH = 4000;
/** Words of a clause that is about one thing only. */
const MAX_SIMPLE = 9;
export const ASKING =
  'what|how|which|why|when|where|who|whose|does|do|is|are|can|should|did|will|explain|describe|list|find|name|show|tell';
const OPENS = new RegExp(
  `^(?:and |then |also |finally |first |next |but )*(?:(?:in|on|at|by|for|from|to|with|under|after|before) )?(?:${ASKING})\\b`,
  'i',
);
const JOINT = new RegExp(
  `(?:,? and|,? but|;|,) (?:then |also |finally )?(?=(?:(?:in|by|for|from|to|with|under|after) )?(?:what|how|which|why|when|where|who|whose)\\b)`,
  'gi',
);
const LEANS =
  /\b(?:its?|they|their|them|theirs|itself|themselves|he|she|his|her|him|the (?:same|latter|former|one|other|result|answer)|there|such(?: an?)?|this|these|those|that (?!is\b|are\b|can\b|uses?\b|has\b|have\b|does\b|do\b)[\p{L}-]+|one)\b|\bthat(?=[?.!\s]*$)/iu;
const PRONOUN = /\b(it|its|they|their|them)\b/gi;

/** The parts of a question that can be asked on their own. One that can't be cut is one part. */
export function clausesOf(question: string, known: Known = () => false): string[] {
  const text = question.trim();
  if (text.length === 0 || text.length > MAX_LENGTH) return [text];
  const clauses: string[] = [];
  const items = listItems(text);
  // An item of a list may name nothing and still stand alone.
  if (items) for (const item of items) addClause(clauses, item, () => false, true);
  else for (const piece of sentences(text).flatMap(atJoints)) addClause(clauses, piece, known, false);
  return clauses.length > 1 ? clauses : [text];
}

/** "Answer these: - What … - How …": each item is a part, with the words before the list. */
function listItems(text: string): string[] | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const first = lines.findIndex((line) => ITEM.test(line));
  if (first < 0 || lines.filter((line) => ITEM.test(line)).length < 2) return undefined;
  const lead = lines.slice(0, first).join(' ').replace(/:$/, '').trim();
  const prefix = namesIn(lead).length > 0 ? `${lead}: ` : '';
  const items: string[] = [];
  for (const line of lines.slice(first)) {
    if (ITEM.test(line)) items.push(prefix + line.replace(ITEM, ''));
    else if (line !== '') items.push(`${items.pop() ?? ''} ${line}`.trim());
  }
  return items;
}

const ITEM = /^(?:[-*•]|\(?\d{1,2}[.)]|\(?[a-h]\))\s+/;

/** Sentences; what asks nothing goes with its neighbour as context. */
function sentences(text: string): string[] {
  const parts = text
    .split(/(?<=[?!]["')\]]?)\s+|(?<=[\p{Ll}\p{N})"'`]\.)\s+(?=\p{Lu})/u)
    .filter((part) => part.trim() !== '');
  const found: string[] = [];
  let context = '';
  for (const part of parts) {
    if (part.includes('?') || OPENS.test(part) || /^(?:compare|contrast|summari[sz]e)\b/i.test(part)) {
      found.push(`${context}${part.trim()}`);
      context = '';
    } else if (found.length > 0) found.push(`${found.pop() ?? ''} ${part.trim()}`);
    else context += `${part.trim()} `;
  }
  if (context !== '') found.push(context.trim());
  return found;
}

/** Cuts a sentence at ", and what …" when both sides ask something. A bare comma cuts only in a row of questions. */
function atJoints(sentence: string): string[] {
  const starts = [0];
  const joints = [...sentence.matchAll(JOINT)];
  const isRow = joints.length > 1 && /^,? and|^;/.test(joints.at(-1)?.[0] ?? '') && !SUBORDINATE.test(sentence);
  for (const match of joints) {
    const right = match.index + match[0].length;
    const left = sentence.slice(starts.at(-1), match.index);
    const isBare = /^,\s*$/.test(match[0]);
    if (isQuestion(left) && !NO_VERB.test(left) && left.split(/\s+/).length > 2 && (isRow || !isBare))
      starts.push(right);
  }
  return starts.map((start, index) => {
    const part = sentence.slice(start, starts[index + 1]);
    return part.replace(/(?:,? and|,? but|;|,)(?: then| also| finally)?\s*$/i, '').trim();
  });
}

/** "How many senators": the verb is still to come. */
const NO_VERB = /^(?:how (?:many|much)|which|what|whose)\s+[\p{L}-]+\s*$/iu;
const SUBORDINATE = /^(?:when|where|while|if|after|before|once)\s+(?!do|does|is|are|can|should|did|will)/i;

/** "which" after a comma may open a relative clause; a part is a question only when it begins as one. */
const isQuestion = (text: string): boolean => OPENS.test(text.trim()) || text.includes('?');

function addClause(clauses: string[], piece: string, known: Known, isItem: boolean): void {
  const part = piece.replace(/^(?:and|then|also|but)\s+/i, '').trim();
  if (part === '') return;
  const before = clauses.at(-1);
  if (before === undefined) {
    clauses.push(capital(part));
    return;
  }
  const filled = isItem ? undefined : filledIn(part, before, known);
  if (filled !== undefined) {
    clauses.push(capital(filled));
    return;
  }
  // What both are about is said in each, so that each can be asked alone.
  const topic = isItem ? undefined : topicOf(before, known);
  const topics = topic === undefined ? [] : topicsOf(clauses, known);
  const bare = part.replace(/[?.!]+$/, '');
  if (topic !== undefined && !leansOn(part) && !hasOwnTopic(part, known) && !OF_ANY.test(part)) {
    if (topics.length > 1 && CHOOSES.test(part)) clauses.push(capital(`${bare}, ${topics.join(' or ')}?`));
    else clauses.push(...topics.map((one) => capital(`${bare} in ${one}?`)));
    return;
  }
  if (!leans(part, before, known, isItem)) {
    clauses.push(capital(part));
    return;
  }
  const referent = topic ?? soleName(before, known);
  if (referent !== undefined && onlyPronouns(part, topic === undefined ? known : undefined)) {
    const meant = topics.length > 1 && SEVERAL.test(part) ? topics : [referent];
    clauses.push(...meant.map((one) => capital(withName(part, one))));
  } else clauses[clauses.length - 1] = `${before.replace(/[?.!]+$/, '')}, and ${uncapital(part)}`;
}

/** "… fixed in 8.17.0, and what in 8.18.0?": the second asks the same of its own name. */
function filledIn(clause: string, before: string, known: Known): string | undefined {
  if (
    !/^(?:what|which|how|when|who|where|why)\s+(?:(?:about|in|of|for|by|with|from|under|on)\s+)+\S+(?:\s+\S+)?$/i.test(
      clause.replace(/[?.!\s]+$/, ''),
    )
  )
    return undefined;
  const [name, ...more] = namesIn(clause, known);
  const last = namesIn(before, known).at(-1);
  if (!name || !last || more.length > 0 || !before.includes(last.text)) return undefined;
  return `${before.replace(/[?.!]+$/, '').replace(last.text, name.text)}?`;
}

/** Points back: by a pronoun, or with nothing but "the alternative". */
const leansOn = (clause: string): boolean =>
  LEANS.test(clause) || (contentTerms(clause).length < 2 && /\bthe\s+\p{L}+[?.!\s]*$/u.test(clause));

/**
 * The one document that a clause is about. None when the clause asks which thing it is: then what follows may be about
 * the answer.
 */
function topicOf(clause: string, known: Known): string | undefined {
  if (/\b(?:who|whose|where)\b/i.test(clause) || ASKS_WHICH.test(clause)) return undefined;
  if (clause.split(/\s+/).length > MAX_SIMPLE) return undefined;
  const names = namesIn(uncapital(clause), known).filter(({ key }) => known(key));
  // "the openai client": the second says what the first is.
  const [first, second] = names;
  const isOne = names.length === 1 || (names.length === 2 && clause.includes(`${first?.text} ${second?.text}`));
  return isOne && first && !isOfAnother(clause, first.text) ? first.text : undefined;
}

/** "grpc keepalive": a part of what is named before it, and no topic of what follows. */
function isOfAnother(clause: string, name: string): boolean {
  const before = /([\p{L}\d-]+) $/u.exec(clause.slice(0, clause.indexOf(name)))?.[1];
  return before !== undefined && contentTerms(before).length > 0;
}

/** What the clauses so far are about, each once; the last alone where they are too many to be meant together. */
function topicsOf(clauses: readonly string[], known: Known): string[] {
  const topics = [...new Set(clauses.flatMap((clause) => topicOf(clause, known) ?? []))];
  return topics.length > MAX_TOPICS ? topics.slice(-1) : topics;
}
const MAX_TOPICS = 3;
/** "Which client is older?": one of all that were spoken of. */
const CHOOSES =
  /^(?:which|who|what)\b.*\b(?:is|are|was|were|has|have|does|do|can) (?:(?:the|much|far|still) )?(?:\p{L}+(?:er|est)|more|most|less|least|worse|worst)\b/iu;
const SEVERAL = /\b(?:they|their|them)\b/i;

/** "Which option …" asks for a thing; "which errors …", "what changed …" for a list or for news. */
const ASKS_WHICH =
  /\b(?:which|what)\s+(?!changed|changes|happens|happened|is|are|does|do|can|new\b)(?!(?:[\p{L}-]+\s+)?[\p{L}-]+(?<!s)s\b)/iu;

/** Whether a clause says by itself what it is about: a document, or a name that something is asked of. */
function hasOwnTopic(clause: string, known: Known): boolean {
  const names = namesIn(uncapital(clause), known);
  return names.some(
    ({ key, text, isSure }) =>
      known(key) ||
      isSure ||
      new RegExp(`\\b(?:in|of|does|do|is|are|can|with|by|for)\\s+(?:the\\s+)?${escaped(text)}`, 'i').test(clause),
  );
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether a clause can't be understood without the one before: by a word that points back, or by naming nothing. */
function leans(clause: string, before: string, known: Known, isItem: boolean): boolean {
  if (LEANS.test(clause.replace(/\bis (?:it|there)\b/gi, ''))) return true;
  if (OF_ANY.test(clause)) return false;
  // "and in what order?" asks about nothing by itself.
  const isBare = contentTerms(clause).length < 2 || namesIn(before, known).length > 0;
  return !isItem && namesIn(clause, known).length === 0 && isBare;
}

/** "what is a backport?": of whichever. */
const OF_ANY = /^what (?:is|are) an? [\p{L}\p{N}-]+(?: [\p{L}\p{N}-]+){0,2}\W*$/iu;

/** Leans by a plain pronoun alone; when `known` is given, with no name of its own that the pronoun could mean either. */
function onlyPronouns(clause: string, known: Known | undefined): boolean {
  const rest = clause.replace(PRONOUN, '');
  return rest !== clause && (!known || namesIn(clause, known).length === 0) && !LEANS.test(rest);
}

/** What a pronoun must mean: the only name of a clause that asks how or why, not which thing. */
function soleName(clause: string, known: Known): string | undefined {
  // In a long clause a pronoun may mean anything.
  if (/\b(?:which|what|who|whose|where)\b/i.test(clause) || clause.split(/\s+/).length > MAX_SIMPLE) return undefined;
  const names = namesIn(uncapital(clause), known);
  return names.length === 1 ? names[0]?.text : undefined;
}

const withName = (clause: string, name: string): string =>
  clause.replace(PRONOUN, (pronoun) => (/^(?:its|their)$/i.test(pronoun) ? `${name}'s` : name));

const capital = (text: string): string => (OPENS.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text);
const uncapital = (text: string): string => (OPENS.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);
