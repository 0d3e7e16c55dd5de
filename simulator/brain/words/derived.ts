// derived.ts: the word that a noun is made of, where a stemmer sees two: decision → decide, death → die, delivery → deliver.

/**
 * Each noun with that word. Left out is what means something else where documents are about computers ("permission", "entry",
 * "extension", "production") or beside most verbs ("choice"; decision 0210).
 */
const MADE_OF: ReadonlyMap<string, string> = new Map(
  (
    'death die, growth grow, sale sell, loss lose, belief believe, proof prove, flight fly, speech speak, advice advise, ' +
    'analysis analyze, response respond, defense defend, weight weigh, success succeed, excess exceed, behavior behave, ' +
    'marriage marry, occurrence occur, complaint complain, constraint constrain, restraint restrain, pursuit pursue, ' +
    'safety safe, difficulty difficult, privacy private, accuracy accurate, frequency frequent, height high, strength strong, truth true, ' +
    'maintenance maintain, payment pay, shipment ship, treatment treat, movement move, judgment judge, agreement agree, ' +
    'expiry expire, inquiry inquire, denial deny, trial try, recovery recover, delivery deliver, discovery discover, ' +
    'storage store, coverage cover, leakage leak, exposure expose, closure close, disclosure disclose, signature sign, departure depart, ' +
    'decision decide, division divide, collision collide, inclusion include, exclusion exclude, conclusion conclude, intrusion intrude, ' +
    'expansion expand, suspension suspend, submission submit, transmission transmit, emission emit, omission omit, admission admit, ' +
    'conversion convert, inversion invert, erosion erode, explosion explode, corrosion corrode, retention retain, detention detain, ' +
    'deception deceive, perception perceive, reduction reduce, subscription subscribe, transcription transcribe, prescription prescribe, ' +
    'assumption assume, consumption consume, presumption presume, resumption resume, redemption redeem, absorption absorb, ' +
    'publication publish, definition define, repetition repeat, competition compete, acquisition acquire, recognition recognize, ' +
    'solution solve, resolution resolve, evolution evolve, receipt receive'
  )
    .split(', ')
    .map((pair): [string, string] => pair.split(' ') as [string, string]),
);

/** The word that a noun is made of, also in its plural; any other word as it is. */
export const derivedFrom = (word: string): string =>
  MADE_OF.get(word) ?? MADE_OF.get(singular(word)) ?? word.replace(/(?<=\w{2})ifications?$/, 'ify');

const singular = (word: string): string =>
  word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.replace(/(?<=ss)es$|(?<=[^s])s$/, '');
