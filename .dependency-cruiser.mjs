// Fences between rooms, and between the floors of a room (docs/architecture.md). Each is a rule of its own, named after
// who may not; test/house/fences.test.ts breaks every one.

/** Each room, and the others that it may import. */
const ROOMS = {
  protocol: [],
  workflows: ['protocol', 'telemetry'],
  documents: ['protocol', 'store'],
  activities: ['protocol', 'documents', 'store', 'telemetry'],
  store: ['protocol'],
  codec: ['protocol'],
  telemetry: ['protocol'],
  settings: [],
  worker: ['protocol', 'settings', 'documents', 'activities', 'store', 'codec', 'telemetry'],
  client: ['protocol', 'settings', 'store', 'codec', 'telemetry'],
  gateway: ['protocol', 'settings', 'client', 'worker', 'store', 'codec', 'telemetry'],
  simulator: [],
  testing: ['protocol', 'activities', 'simulator'],
  examples: [],
};

/** Floors from the top down: each imports those below it. `.` are the files of the folder itself; floors in one entry are neighbours. */
const TOWERS = {
  activities: ['.', 'lifecycle', ['agents', 'notify'], 'loop', ['evidence', 'tools'], 'models', 'text'],
  'activities/tools': ['mcp', '.'],
  'activities/text': ['prompts', '.'],
  documents: ['.', 'thread', 'search', 'index', 'sources', 'web', 'extract', 'jobs'],
  'documents/extract': ['files', 'office', '.'],
  workflows: ['.', 'commands', 'state'],
  client: ['cli', ['stack', 'http'], '.'],
  gateway: ['.', 'routes', ['live', 'doors'], 'wire'],
  protocol: ['schemas', '.'],
  'simulator/brain': ['.', ['report', 'fields'], 'quotes', 'request', 'question', 'text', 'words'],
};

/** Packages that a room must do without; for `only`, without all but these. */
const PACKAGES = [
  { room: 'protocol', from: '^protocol/(?!schemas/)', only: '$never' },
  { room: 'protocol/schemas', from: '^protocol/schemas/', only: '(^|/)node_modules/zod|^crypto$' },
  { room: 'workflows', from: '^workflows/', only: '(^|/)node_modules/@temporalio/(workflow|common)/' },
  {
    room: 'telemetry/workflow',
    from: '^telemetry/workflow-',
    only: '(^|/)node_modules/@temporalio/(workflow|common)/',
  },
  { room: 'documents', from: '^documents/', never: 'node_modules/(@temporalio|openai)/' },
  { room: 'activities', from: '^activities/', never: 'node_modules/@temporalio/(worker|workflow)/' },
  { room: 'settings', from: '^settings/', only: '(^|/)node_modules/@temporalio/envconfig/|^(fs|net|tls)$' },
  { room: 'store', from: '^store/', never: 'node_modules/(@temporalio|openai)/' },
  { room: 'client', from: '^client/', never: 'node_modules/(openai|@temporalio/(worker|workflow|activity))/' },
  { room: 'client/http', from: '^client/http/', only: '$never' },
  { room: 'gateway', from: '^gateway/', never: 'node_modules/(openai|@temporalio/(workflow|activity))/' },
];

/** What is none of these. */
const SINGLE = [
  ['workflows-sandbox', '^workflows/', '^telemetry/(?!workflow-)|^protocol/schemas/'],
  ['telemetry-sandbox', '^telemetry/workflow-', '^telemetry/(?!workflow-)|^protocol/schemas/'],
  ['store-contract', '^store/store\\.ts$', '^store/'],
  ['store-of-files', '^store/(?!postgres-|open-store\\.ts)', '^store/postgres-'],
  ['store-of-postgres', '^store/postgres-', '^store/file-'],
  // What it imports is what browsers load.
  [
    'client-without-node',
    '^client/http/',
    '^client/(?!http/|cli/|stack/|(errors|status|task-end|task-summary)\\.ts$)|^protocol/schemas/|^(settings|store)/',
  ],
  ['client/cli/commands', '^client/cli/(?!commands/|program\\.ts)', '^client/cli/commands/'],
  ['client/cli/render', '^client/cli/render/', '^client/cli/(?!(render|terminal|commands)/)'],
  ['client/cli/terminal', '^client/cli/terminal/', '^client/cli/(?!(terminal|commands)/)'],
  ['simulator/brain', '^simulator/brain/', '^simulator/(?!brain/|wire\\.ts)'],
];

const ALL = [...Object.keys(ROOMS), 'bench', 'test'];
const OURS = `^(${ALL.join('|')})/`;
const rule = (name, from, to) => ({ name, severity: 'error', from, to });
const inside = (folder, floor) => (floor === '.' ? `^${folder}/[^/]+$` : `^${folder}/${floor}/`);

const rooms = Object.entries(ROOMS).map(([room, may]) => {
  const others = ALL.filter((other) => other !== room && !may.includes(other));
  return rule(`room ${room}`, { path: `^${room}/` }, { path: `^(${others.join('|')})/` });
});

const floors = Object.entries(TOWERS).flatMap(([folder, tower]) => {
  const known = tower.flat().filter((floor) => floor !== '.');
  return [
    ...tower.flatMap((storey, at) =>
      [storey].flat().flatMap((floor) => {
        const closed = [...tower.slice(0, at).flat(), ...[storey].flat().filter((other) => other !== floor)];
        if (closed.length === 0) return [];
        const to = { path: closed.map((other) => inside(folder, other)).join('|') };
        return [rule(`floor ${folder}/${floor}`, { path: inside(folder, floor) }, to)];
      }),
    ),
    rule(`no floor of ${folder}`, { path: `^${folder}/(?!(${known.join('|')})/)[^/]+/` }, {}),
  ];
});

const packages = PACKAGES.map(({ room, from, only, never }) =>
  rule(`packages of ${room}`, { path: from }, never ? { path: never } : { pathNot: `${OURS}|${only}` }),
);

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    rule('no-circles', {}, { circular: true }),
    ...rooms,
    ...floors,
    ...packages,
    ...SINGLE.map(([name, from, to]) => rule(name, { path: from }, { path: to })),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js'],
    },
  },
};
