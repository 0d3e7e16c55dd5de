// as-newcomers-ask.test.ts: questions as people ask them who have not read the documents, each a kind: what is quoted first for
// them, and as what it reads.

import { unitsOf } from '../../simulator/brain/text/units.ts';
import { growth, LINEAR } from '../rig/growth.ts';
import { only, research, type Doc } from './support.ts';

const one = (text: string, heading = 'Use', source = 'use.md'): Doc[] => [only(source, text, heading)];

const COUNT = 30;

const TABLE = ['| | Small plan | Large plan |', '|---|---|---|', '| Boats | 1 | 10 |', '| Crew | 2 | 40 |'].join('\n');
const HOLIDAYS = [
  '| Holiday | Date |',
  '|---|---|',
  '| Boat Day | November 3 |',
  '| Pier Day | May 2 |',
  '| Lamp Day | November 20 |',
].join('\n');
const PORTS = ['| Port | Protocol | Use |', '|---|---|---|', '| 8096 | TCP | barges |', '| 7359 | UDP | gulls |'].join(
  '\n',
);
const SERVICES = [
  '| Service | Port | Use |',
  '|---|---|---|',
  '| Quay | 53 | gulls |',
  '| Quay | 67 | barges, which need more ports |',
  '| Quay | 80 | a port of its own |',
].join('\n');
const HELP = [
  '```',
  '  -q, --quiet        do not print a line for each boat',
  '      --limit-rate n  limits the boats to a rate',
  '                      a minute',
  '```',
].join('\n');

test.each<[string, readonly Doc[], string, RegExp]>([
  [
    'a heading that asks the very question, though a document has a word of it for its name',
    [
      only('web.md', 'Reset the web GUI when the password of a berth is lost in the web.', 'The web'),
      ...one('Run `quay word --new` while it is down.', 'How do I reset the GUI password?', 'faq.md'),
    ],
    'How do I reset the web GUI password?',
    /^(?:faq, )?(?:How do I reset the GUI password\?:? ?)?Run `quay word --new`/,
  ],
  [
    'an entry of what a program prints for its help',
    one(HELP),
    'How do I limit the rate of boats?',
    /`--limit-rate n`: limits the boats to a rate a minute$/,
  ],
  [
    'code that a sentence without a colon goes on to, with its comments',
    one('You can start the crane by running this command\n\n```\n# at once\ncrane up\n```'),
    'How do I start the crane?',
    /running this command `# at once`; `crane up`$/,
  ],
  [
    'the steps below the paragraph',
    one('To paint a boat, use the crane. This takes a day.\n\n1. Lift it.\n2. Paint it.\n'),
    'How do I paint a boat?',
    /This takes a day\. Lift it\. Paint it\.$/,
  ],
  [
    'the reason in the sentence behind, which has no word for it',
    one('In public you should not use the old crane. The old crane is lent by the crew and was not made to be safe.'),
    'Why should I not use the old crane in public?',
    /should not use the old crane\. The old crane is lent by the crew and was not made to be safe\.$/,
  ],
  [
    'the code above what explains it',
    one('A bell has a maker.\n\n```\nbell.make(own)\n```\n\nNote the `own` behind it: so you ring your own bell.'),
    'How do I ring my own bell?',
    /^(?:use: )?`bell\.make\(own\)`$/,
  ],
  [
    'an item under a heading that any command has, with the command',
    one('* `--spare`: the boat is a spare boat.', 'Commands > add > Options', 'quay.md'),
    'How do I make a boat a spare boat?',
    /^(?:quay, )?add, Options: `--spare`: the boat is a spare boat\.$/,
  ],
  [
    'what stands under an option, with its names',
    one('Paint only the boats that rusted at the last tide.', 'Command line > --last-rusted, --lr', 'quay.md'),
    'How do I paint only the boats that rusted at the last tide?',
    /^--last-rusted, --lr: Paint only the boats/,
  ],
  [
    'what lists some, and not what speaks of one',
    [
      ...one('The paint level cannot be changed at sea.', 'Use', 'a.md'),
      ...one('A level of the paint is chosen at the quay. It can be set to `thin`, `plain` or `thick`.', 'Use', 'b.md'),
    ],
    'Which paint levels are there?',
    /`thin`, `plain` or `thick`/,
  ],
  [
    'the rows of a table of two things',
    [
      ...one('The Small plan is the one from which you come to the Large plan.', 'Plans', 'a.md'),
      ...one(`Pick one.\n\n${TABLE}`, 'Use', 'b.md'),
    ],
    'What is the difference between the Small plan and the Large plan?',
    /Boats: Small plan: 1; Large plan: 10/,
  ],
  [
    'what calls a thing "this", with what names it',
    one('Lamps that are marked RED are seen at sea. To hide lamps from the crew, avoid using this mark.'),
    'How do I hide lamps from the crew?',
    /Lamps that are marked RED.*avoid using this mark/,
  ],
  [
    'a temperature',
    [
      ...one('Of what temperature the tar is that is thin, 3 signs tell.', 'Tar', 'a.md'),
      ...one('The tar is thin at 350°F.', 'Tar', 'b.md'),
    ],
    'At what temperature is the tar thin?',
    /350°F/,
  ],
  [
    'a size, where it is asked how much memory',
    one('More memory is needed for 11 boats. At least 8GB of memory are needed.', 'Memory'),
    'How much memory is needed?',
    /8GB/,
  ],
  [
    'a word of their own that is small',
    [
      ...one('* ***After* lamps**: are lit at dawn by the guard.', 'Dawn', 'a.md'),
      ...one('* ***Before* lamps**: are lit at dusk by the crew.', 'Dusk', 'b.md'),
    ],
    'What is the difference between before and after lamps?',
    /Before lamps: are lit at dusk/,
  ],
  [
    'what stands first in a section, however that is cut',
    [
      {
        source: 'f.md',
        line: 30,
        heading: 'hoist()',
        text: '`hoist` must be oiled with care, as drop() must. `hoist` is loud.',
      },
      { source: 'f.md', line: 2, heading: 'hoist()', text: '`hoist(boat)` lifts a boat to the quay.' },
      { source: 'f.md', line: 50, heading: 'drop()', text: '`drop(boat)` lowers a boat to the sea.' },
    ],
    'What is the difference between hoist and drop?',
    /lifts a boat to the quay/,
  ],
  [
    'no word that leads elsewhere',
    [
      only('a.md', 'See _what is the light and the difference of it_.', 'Lamp'),
      only('b.md', 'A lamp is a light on a pier.', 'Lamp'),
      only('c.md', 'A beacon is a fire on a hill.', 'Beacon'),
    ],
    'What is the difference between a lamp and a beacon?',
    /A lamp is a light/,
  ],
  [
    'its width, where it is asked how wide',
    [
      ...one('The quay is 3 feet over the sea.', 'Quay', 'a.md'),
      ...one('The width of the quay is 80 feet.', 'Quay', 'b.md'),
    ],
    'How wide is the quay?',
    /80 feet/,
  ],
  [
    'a document that has both words for its name',
    [
      ...one('1. Let it rest for 2 hours.', 'Directions', 'pear-bread.md'),
      ...Array.from({ length: 14 }, (_, at) =>
        only(
          `loaf-${at}.md`,
          `The bread of loaf ${at} must rest for ${at + 3} hours: bread that rests is good.`,
          'Bread',
        ),
      ),
    ],
    'How long does pear bread rest?',
    /2 hours/,
  ],
  [
    'what says it in one word',
    [
      ...one('When a berth has run out of rope, and you run, out comes a ticket.', 'Rope', 'a.md'),
      ...one('A berth is yours until your ticket expires.', 'Berths', 'b.md'),
    ],
    'What happens to my berth if my ticket runs out?',
    /until your ticket expires/,
  ],
  [
    'whom to contact, where it is asked who to talk to',
    [...one('Loud gulls talk when we call.', 'Use', 'a.md'), ...one('If gulls are loud, contact Ann.', 'Use', 'b.md')],
    'Who do I talk to if gulls are loud?',
    /contact Ann/,
  ],
  [
    'the noun, and no verb that is written like it',
    one(PORTS, 'Bindings of Quay', 'net.md').concat(
      one('Quay comes from Pier and was ported to steel, wood and tin by Quay.', 'About Quay', 'about.md'),
    ),
    'Which ports does Quay use?',
    /Port 8096: Protocol: TCP/,
  ],
  [
    'a default, though a document is called so',
    one('The default function of Quay returns any value, nil or a map of length zero.', 'Default', 'Default.md').concat(
      one('The default length of a rope is 70 feet.', 'Ropes', 'ropes.md'),
    ),
    'What is the default length of a rope?',
    /70 feet/,
  ],
  [
    'what an address or a temperature says by its form',
    one('1. Heat it to 80°C.', 'Directions', 'tar.md'),
    'What temperature for tar?',
    /80°C/,
  ],
  [
    'each item under a heading that asks how to',
    one('- Paint the hull.\n- Ring the bell of the boat.\n- Push it.', 'How to launch a boat'),
    'How do I launch a boat?',
    /Paint the hull\. Ring the bell of the boat\. Push it\.$/,
  ],
])('a newcomer is answered by %s', (_what, docs, question, claim) => {
  const { findings, missing } = research(docs, question, { count: COUNT });
  expect(findings[0]?.claim).toMatch(claim);
  expect(missing).toEqual([]);
});

test.each<[string, string, string, number]>([
  ['say the same of a list', HOLIDAYS, 'Which holidays are in November?', 2],
  ['are of what is listed', PORTS, 'Which ports are there?', 2],
  ['have a column of what is listed, though some speak of it, too', SERVICES, 'Which ports does the quay need?', 3],
])('the rows that %s are given together', (_what, table, question, count) => {
  const { findings } = research(one(table, 'Holidays and ports'), question);
  expect(findings).toHaveLength(count);
});

test.each<[string, string, [string, string][]]>([
  [
    'a name that marks a place',
    '(lamp-book)=\n# Lamps\n\nThey are red.',
    [
      ['noise', '(lamp-book)='],
      ['heading', '# Lamps'],
      ['sentence', 'They are red.'],
    ],
  ],
  [
    '"no" at the end of a sentence',
    'In general, no. If it rains, wait. Boat no. 5 is wet.',
    [
      ['sentence', 'In general, no.'],
      ['sentence', 'If it rains, wait.'],
      ['sentence', 'Boat no. 5 is wet.'],
    ],
  ],
  [
    'code in whose middle a passage begins',
    '$ quay ls\n    boat one, of two\n    $ quay rm',
    [
      ['code', '$ quay ls'],
      ['code', 'boat one, of two'],
      ['code', '$ quay rm'],
    ],
  ],
  [
    'fields above a page with a list in brackets',
    '---\ntitle: Lamps\naliases: [\n  "/lamps",\n]\n---\n\nThey are red.',
    [['sentence', 'They are red.']],
  ],
])('%s is read as what it is', (_what, text, expected) => {
  expect(unitsOf(text).map(({ kind, text: said }) => [kind, said])).toEqual(expected);
});

test('links between pages of one vault read as their words', () => {
  const { findings } = research(
    one('Lamps are lit by [[The crew|those on duty]], see [[Lamps#Oil]].'),
    'By whom are lamps lit?',
  );
  expect(findings[0]?.claim).toMatch(/Lamps are lit by those on duty, see Lamps, Oil\.$/);
});

test('one line of very many sentences is cut in a time that grows no faster than it', async () => {
  expect(await growth(200_000, (size) => unitsOf('Row. '.repeat(size / 5)))).toBeLessThan(LINEAR);
});
