// question-words.ts: the English words by which meaning.ts reads a question. Chosen by the open half of the labelled pairs in
// test/activities/question-pairs, never by the other.

const listed = (text: string): string[] => text.trim().split(/\s+/);

function pairOf(pair: string): [string, string] {
  const [from = '', to = ''] = pair.split(':');
  return [from, to];
}

/** Says that something is asked, and nothing of what. */
export const LEAD =
  /^(?:(?:please|find|out|list|describe|explain|identify|determine|look up|gather|collect|research|investigate|analy[sz]e|summari[sz]e|check|report|give|state|tell|show|me|all|information|details|about|on)\s+)+(?:(?:on|about)\s+)?/;

/** How a question begins, and what it asks for then; the first that fits. */
export const HEADS: readonly (readonly [asks: string, pattern: RegExp])[] = [
  ['count', /^(?:how many|(?:what|which) (?:is|was|are|were) the number of|(?:what|which) number of|the number of)\b/],
  ['when', /^(?:since |by |until )?when\b/],
  ['when', /^(?:(?:in|on|since|by) )?(?:what|which) (?:year|date|day|month)\b/],
  ['when', /^(?:what|which) (?:is|was) the (?:year|date) (?:of|when|in which)\b/],
  ['where', /^(?:where|(?:what|which) (?:is|was|are) the (?:location|place) of)\b/],
  ['why', /^(?:why|(?:what|which) (?:is|was|were|are) the (?:reasons?|causes?) (?:of|for))\b/],
  ['how', /^(?:how|in (?:what|which) (?:way|manner)|the way in which)\b/],
  ['whether', /^(?:whether|if|is|are|was|were|does|do|did|can|may|must|should|will|has|have|could)\b/],
  [
    'what',
    /^(?:(?:by|on|in|at|for|from|to|under|with|against) )?(?:(?:what|which) (?:people|persons?)|what|which|who|whom|whose)\b/,
  ],
];

/** "How tall": its measure is asked for. */
export const DEGREES: ReadonlyMap<string, string> = new Map(
  listed(
    `long:length old:age fast:speed tall:height high:height heavy:weight far:distance deep:depth large:size big:size wide:width
     much:amount often:frequency strong:strength`,
  ).map(pairOf),
);

/** Turns or bounds the sense: what one question has of them the other must have. */
export const TURNS: ReadonlyMap<string, string> = new Map(
  listed(
    `not:not no:not never:not none:not neither:not nor:not without:without before:before after:after until:until unless:unless
     against:against except:except outside:outside inside:inside only:only most:most least:least more:more less:less
     first:first last:last`,
  ).map(pairOf),
);

/** Means nothing by itself: it only parts what stands around it. */
export const EMPTY: ReadonlySet<string> = new Set(
  listed(
    `of and or in at during under within about regarding per between
     is are was were be been being am do does did done doing can could may might must should shall will would
     what which who whom whose when where why how that this these those there it its they their them he she his her
     i we you my our your one so then also just exactly currently please if while whether`,
  ),
);

/** Mean nothing by themselves either, but tell who from whom: what changes its side of one is something else. */
export const WAYS: ReadonlySet<string> = new Set(
  listed('to from than over into onto with by on for as via through upon have has had having'),
);

/** What follows them says where, when or in what something is: it may stand anywhere in a question. */
export const PLACES: ReadonlySet<string> = new Set(listed('in at for during under within on'));

/** Other ways to write a word, and numbers in words. */
export const SPELLED: ReadonlyMap<string, string> = new Map(
  listed(
    `two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 twenty:20 hundred:100 thousand:1000
     second:2nd third:3rd fourth:4th fifth:5th sixth:6th seventh:7th
     licence:license metre:meter metres:meters litre:liter litres:liters colour:color behaviour:behavior centre:center
     e-mail:email programme:program organisation:organization analyse:analyze yearly:year annual:year`,
  ).map(pairOf),
);
