// things.ts: the things of a sort that statements give for a field: those that stand with the words of its name, and are not denied.

import { contentTerms } from '../words/words.ts';
import { foundIn, isForm, readName, shareOf, type Field, type Found } from './field-name.ts';
import { cutFrom, type Asked, type Cut } from './field-sort.ts';
import { saysBound } from './figures.ts';
import { peopleIn } from './people.ts';

/** Letters between a word of the field and what it means, where several such things stand. */
const NEAR = 20;
/** Before a thing, what says that it is not the one. */
const DENIES = /\b(?:no|not|never|without|drop(?:s|ped)?|remove[sd]?|unlike|instead of|rather than)\b|n['’]t\b/i;
/** Letters before a thing in which that is said. */
const BEFORE = 80;
/** What a thing stands directly behind. */
const FROM = /^(?:since|until|from|before|after)$/;
/** Where a text says that something is the least that will do. */
const NEEDS = /\b(?:or|and) (?:later|newer|higher|above|up)\b|\b(?:needs?|requires?|required)\b|\d\+/i;
/** Things of a statement that are looked at. */
const MOST = 200;

/** Share of the question that is said of a field whose name says no more than of what sort it is. */
const ENOUGH = 0.25;

/** Of the sort, in statements that speak of the rest of the name: the nearest to its words, and what is enumerated with it. */
export function peopleOrThings(field: Field, asked: Asked): Found<string[]>[] {
  const rest = readName(field).words.filter((word) => !asked.sort.is.test(word));
  const least = rest.length > 0 || field.called !== undefined ? 0 : new Set(contentTerms(field.goal)).size * ENOUGH;
  return foundIn(field, (statement) => {
    const all = thingsIn(statement, field, asked, rest);
    return all.length > 0 ? [all] : [];
  }).filter(({ share }) => share >= least);
}

function thingsIn(statement: string, field: Field, { sort, word: asked }: Asked, rest: readonly string[]): string[] {
  const { words, isDenied, bound } = readName(field);
  if (sort.isPerson)
    return rest.length === 0 || shareOf(rest, statement) === 1 ? peopleIn(statement, [asked], field.goal) : [];
  const isSpoken =
    rest.length > 0
      ? shareOf(rest, statement) === 1
      : (sort.says?.test(statement) ?? shareOf([asked], statement) === 1);
  const isBound =
    bound === undefined || saysBound(statement, bound) >= 0 || (bound === 'lowest' && NEEDS.test(statement));
  if (!isSpoken || !isBound) return [];
  const places = [...statement.matchAll(/[\p{L}\p{N}]+/gu)]
    .filter(([word]) => (sort.isNear ? rest : words).some((one) => isForm(word.toLowerCase(), one)))
    .map(({ index, 0: word }) => ({ at: index, end: index + word.length }));
  const distance = ({ at, end }: Cut): number =>
    Math.min(...places.map((place) => (place.at < at ? at - place.end : Math.max(0, place.at - end))));
  const isOfDenied = isDenied || DENIES.test(rest.join(' '));
  const from = rest.find((word) => FROM.test(word));
  const things = cutFrom(statement, sort)
    .slice(0, MOST)
    .filter(({ value, at, end }) => {
      const before = statement.slice(Math.max(0, at - BEFORE), at);
      // "some other file, --log-fd": of `logFileOption` it is none.
      const own = rest.filter((one) => shareOf([one], value) > 0);
      const isWhole = own.length === rest.length && sort.isApart !== true;
      const isOfIt = own.length === 0 || isWhole || shareOf(own, statement.slice(0, at) + statement.slice(end)) === 1;
      const isBehind = from === undefined || new RegExp(`\\b${from}\\s(?:v|version\\s)?$`, 'i').test(before);
      const isNot = DENIES.test(/[^,;:(]*$/.exec(before)?.[0] ?? '');
      // "Version 0.9.0 or later" is what something needs: of a field that is called `version` alone it is none.
      const isLeast =
        sort.isNear === true && rest.length === 0 && bound === undefined && OR_LATER.test(statement.slice(end));
      return isOfIt && isBehind && !isLeast && (!isNot || isOfDenied);
    });
  const [nearest] = places.length > 0 ? [...things].sort((a, b) => distance(a) - distance(b)) : things;
  if (nearest === undefined) return [];
  const isSure =
    !(sort.isNear && rest.length > 0) && (places.length === 0 || new Set(things.map(({ value }) => value)).size < 2);
  if (!isSure && distance(nearest) > NEAR) return [];
  return [nearest, ...runOf(nearest, things, statement)].map(({ value }) => value);
}

const OR_LATER = /^(?:\+|\s(?:or|and) (?:later|newer|above|higher|greater|up)\b)/i;

/** What stands between the things of an enumeration. */
const BETWEEN = /^[\s"'`]*(?:,[\s"'`]*(?:(?:and|or)\s[\s"'`]*)?|(?:and|or|&)\s[\s"'`]*)$/;

/** The things of the enumeration in which one stands; all, where it stands in none. */
function runOf(nearest: Cut, things: readonly Cut[], statement: string): readonly Cut[] {
  const borders = things.flatMap((one, at) =>
    at > 0 && BETWEEN.test(statement.slice(things[at - 1]?.end, one.at)) ? [] : [at],
  );
  const place = things.indexOf(nearest);
  const run = things.slice(
    borders.findLast((at) => at <= place),
    borders.find((at) => at > place),
  );
  return run.length > 1 ? run : things;
}
