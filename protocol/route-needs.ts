// route-needs.ts: what a question seems to need, by its words alone: how many looks, and whether something is to be done that one
// call over passages can't do. A guess: what really happened moves the threshold that it is held against (route-history.ts).

/** What a question needs before it is answered. */
export interface Needs {
  /** Looks that one after the other would take: 0 small talk, 1 one place, 2 a few places, more a plan. */
  steps: number;
  /** What it asks to be done or computed, in a word or two, that passages don't hold. */
  tools: string[];
  /** Tokens of one call that answers it, about. */
  tokens: number;
  /** The signs that it was told by, e.g. `for each of many`. */
  signs: string[];
}

const PROMPT_TOKENS = 600;
const PASSAGES_TOKENS = 8 * 500;
const ANSWER_TOKENS = 400;
const CHARS_A_TOKEN = 4;
/** Who says so much in one go wants more than one thing. */
const LONG_GOAL_CHARS = 1_200;

interface Sign {
  name: string;
  steps: number;
  of: RegExp;
  unless?: RegExp;
}

/** Where an order to do something begins: the text, a sentence, or behind `and`, `then`, a comma. */
const HEAD =
  '(?:^|[.!?;:,]\\s+|\\b(?:and|then|please|finally|first|und|et)\\s+(?:then\\s+|finally\\s+|to\\s+)?|\\b(?:can|could|would) you\\s+(?:please\\s+)?|\\bi(?: need|.d like| want)(?: you)? to\\s+)';
const ordered = (verbs: string): RegExp => new RegExp(`${HEAD}(?:${verbs})\\b`, 'i');

/** Things of which a folder has many, each a document or a part of one. */
const MANY =
  '(?:documents?|files?|papers?|contracts?|invoices?|tickets?|letters?|notes?|transcripts?|interviews?|reviews?|records?|cvs?|resumes?|mails?|e-?mails?|judge?ments?|rulings?|policies|manuals?|reports?|minutes|meetings?|questions?|requirements?|proposals?|articles?|comments?|complaints?|essays?|applicants?|candidates?|customers?|suppliers?|vendors?|insurers?|products?|machines?|items?|modules?|messages?|descriptions?|lessons?|pages|links|entries|certificates?|employees|people|persons?|departments?|services|subsidiaries|chapters?|sections?|photos?|risks?|rechnungen|verträge|dokumente|vorfälle|factures|contrats)';
const ASKS =
  /^(?:what|which|who|whose|when|where|why|how|is|are|does|do|did|can|could|was|were|has|have|may|should)\b/i;

const SIGNS: readonly Sign[] = [
  {
    name: 'work over many places',
    steps: 3,
    of: ordered(
      'analy[sz]e|audit|evaluate|assess|review|investigate|research|reconstruct|identify|determine|prepare|draft|develop|design|build|trace|collect|gather|extract|classify|categori[sz]e|tag|label|grade|score|mark|detect|anonymi[sz]e|rewrite|produce|generate|map|match|weigh|find out|work out|go (?:through|over)|read all|take every|turn|cross-?check|verify|reconcile|justify|propose|recommend|compile|put together|make (?:flash|a table|an overview)|erstelle|analysiere|prüfe|rédige|analyse[rz]?',
    ),
  },
  {
    name: 'a text of some length',
    steps: 3,
    of: /\b(?:report|briefing|literature review|overview|timeline|time ?line|guide|strategy|roadmap|glossary|biograph(?:y|ies)|white ?paper|essay|project plan|migration plan|complete picture|bericht|rapport)\b/i,
    unless: new RegExp(`${ASKS.source}`, 'i'),
  },
  {
    name: 'a comparison',
    steps: 3,
    of: new RegExp(
      `${ordered('compare|contrast|rank|benchmark|vergleiche|compare[rz]').source}|\\bhow (?:do|does|did)\\b.*\\b(?:compare|differ|deviate)\\b|\\b(?:differences|similarities|overlaps?|différences|unterschiede)\\b|\\b(?:pros and cons|strengths and weaknesses|advantages and disadvantages|arguments for and against|side by side|versus|alternatives)\\b|\\bhow .* differ\\b`,
      'i',
    ),
  },
  {
    name: 'a judgement over several places',
    steps: 3,
    of: /\b(?:contradict\w*|conflict(?:s|ing)? (?:with|between)|where they (?:conflict|differ|contradict)|disagree\w*|do(?:es)? .* (?:agree|match)\b|trends?|themes|root cause|gaps|consequences|implications|exposure|best combination|turned out|turning points|out of date|missing|nobody covers|evolve[ds]?|developed since|changed (?:between|across|over)|how (?:has|have|did) .* (?:chang|develop|evolv)\w*|and what effect|given (?:what|the)|which (?:one |\w+ )?should)\b/i,
  },
  {
    name: 'one result for each of many',
    steps: 3,
    of: new RegExp(
      `\\b(?:for (?:each|every|all)|für jede[ns]?|pour chaque)\\b|^per \\w+|\\b(?:each|every|all|any|alle|tous)(?: (?:of )?(?:the|these|those|our|its|my|open))?(?: \\w+)? ${MANY}\\b|\\b\\d[\\d,.]+ ${MANY}\\b`,
      'i',
    ),
    unless:
      /^(?:how (?:do|can|to)\b|(?:what|which|is|who|how many|how much) (?:\w+ ){0,6}(?:each|every|all)\b(?!.*,))/i,
  },
  {
    name: 'one result for each of many',
    steps: 3,
    of: new RegExp(
      `${ordered('list|give|tell|write|summari[sz]e|translate|check|show|find|answer|fill').source}.*\\b(?:each|every|all (?:the|known|open)|everyone|everything|one paragraph on|(?:\\d{2,}|twelve|twenty|fifty|hundred))\\b`,
      'i',
    ),
    unless: /^list (?:all|everyone|every) (?!.*\b(?:in|from|across|with)\b)/i,
  },
  {
    name: 'a set out of many places',
    steps: 3,
    of: /\b(?:find|search|list|collect) (?:\w+ ){0,3}(?:all|every|everything|everyone|anything)\b|\bhow many of\b|\bwhich of (?:our|the|my) [\d,]+|\bacross all\b|\bwhole (?:archive|mail|folder|corpus)\b|\b(?:never|more than once|anywhere|without an?)\b.*\?|\beverything (?:about|we have|we know)\b|\b(?:who|which \w+s) (?:knew|are also|also)\b|\bwould have to\b/i,
    unless: /^(?:how do i|where|is there|what happens)\b/i,
  },
  {
    name: 'takes its time',
    steps: 3,
    of: /\b(?:thorough(?:ly)?|in depth|in-depth|in detail|detailed|comprehensive|ausführlich\w*|take your time|properly|critically|really understand|dig into|tell me everything)\b/i,
  },
  {
    name: 'one look leads to the next',
    steps: 3,
    of: /\b(?:who|what|which|where) (?:was|is|were) .* (?:in|of|by|to) which .* (?:that|who|which)\b|^(?:first|start by)\b.*\b(?:then|finally)\b|\b(?:and|,) (?:see|then|finally)\b.*\b(?:and|what|which|whether)\b|\bthe second author\b|\bhow did .* come about\b|\bthrough all\b|\bexplain (?:how|the) .* (?:through|accidents|in the)\b/i,
    unless: /^(?:after|once|when|i (?:read|understood)|the \w+ page says)\b/i,
  },
];

/** What only somebody or something outside can do, or knows today. */
const TOOLS: readonly { name: string; of: RegExp }[] = [
  {
    name: 'something to do elsewhere',
    of: ordered(
      'send|e-?mail|mail|book|post|schedule|remind|delete|remove|update|download|upload|fetch|execute|run|call|query|open a|create (?:an?|the) (?:\\w+ )?(?:ticket|entry|issue|event|account|page)|create an? \\w+ for|ask [A-Z]\\w+|merge|save|translate|fill (?:in|out)|order|pay|publish|deploy|restart|cancel',
    ),
  },
  {
    name: 'something to compute',
    of: new RegExp(
      `${ordered('calculate|compute|convert|sum up|add up|work out the (?:average|total|sum|mean)|count|berechne|calcule[rz]?').source}|\\b(?:do the math\\w*|what percentage|average .* from|how much would|chart of|plot of|interest over)\\b`,
      'i',
    ),
  },
  {
    name: 'something of today',
    of: /\b(?:right now|today|tonight|at the moment|current (?:exchange|price|weather|rate|share|news|version)|newest (?:release|version)|latest (?:datasheet|release|version|news)|share price|the weather|exchange rate|the website)\b/i,
  },
];

const SMALL_TALK =
  /^(?:(?:oh|ok(?:ay)?|nice|great|cool|hmm+|sorry|thanks?|thank you|thx|danke|merci|hi|hey|hello|hallo|good (?:morning|evening|afternoon|night)|bye|yes|no|you(?:'re| are) \w+|(?:who|what|how) are you|are you an? \w+)\b[^?]{0,40}[.!?]*)$/i;

/** @param goal as somebody typed it. */
export function needsOf(goal: string): Needs {
  const text = goal.replace(/\s+/g, ' ').trim();
  const tokens = PROMPT_TOKENS + PASSAGES_TOKENS + ANSWER_TOKENS + Math.ceil(text.length / CHARS_A_TOKEN);
  if (SMALL_TALK.test(text)) return { steps: 0, tools: [], tokens, signs: ['small talk'] };
  const isHowTo = /^(?:how (?:do|can|is|are|to)\b|who (?:is|may)|can the|is there)/i.test(text);
  const tools = isHowTo ? [] : TOOLS.filter(({ of }) => of.test(text)).map(({ name }) => name);
  const seen = SIGNS.filter(({ of, unless }) => of.test(text) && !unless?.test(text));
  const asked = questionsIn(text);
  const steps = Math.max(1, asked, ...seen.map((sign) => sign.steps), text.length > LONG_GOAL_CHARS ? 3 : 1);
  const signs = [...new Set(seen.map(({ name }) => name)), ...(asked > 1 ? [`asks ${asked} things`] : [])];
  return { steps, tools, tokens, signs };
}

/** How many things are asked: question words that begin a part of the sentence. */
function questionsIn(text: string): number {
  const parts = text.match(
    /(?:^|[.?!,;:]\s*(?:and |or )?|\b(?:and|or|which|say|tell me) )(?:in |for |with |at |to )?(?:what|which|who|whom|when|where|why|how|whether)\b/gi,
  );
  return Math.max(1, parts?.length ?? 0);
}
