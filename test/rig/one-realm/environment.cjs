// environment.cjs: Jest's test environment without a vm context: a test file runs in its process's own realm, and leaves the
// globals and the process as it found them. A context answers each look-up of a global by a call, also in what is measured.

const { AsyncLocalStorage } = require('node:async_hooks');
const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/** Not undefined, which says that the environment is gone; `runtime.cjs` compiles without a context. */
const NO_CONTEXT = {};

/** In use since the last file ended. Each one that stays in use is visited for every promise of all later files (Node.js 20). */
const storages = new Set();
for (const name of ['run', 'enterWith']) {
  const own = AsyncLocalStorage.prototype[name];
  AsyncLocalStorage.prototype[name] = function (...given) {
    storages.add(this);
    return own.apply(this, given);
  };
}

class OneRealmEnvironment {
  constructor({ projectConfig }) {
    this.global = globalThis;
    this.found = {
      globals: propertiesOf(globalThis),
      // Jest puts its own `exit` around it for each file.
      exit: Object.getOwnPropertyDescriptor(process, 'exit'),
      env: { ...process.env },
      cwd: process.cwd(),
    };
    globalThis.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimers = new LegacyFakeTimers({
      config: projectConfig,
      global: globalThis,
      moduleMocker: this.moduleMocker,
      timerConfig: { idToRef: (id) => ({ id, ref: () => undefined, unref: () => undefined }), refToId: ({ id }) => id },
    });
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
  }

  async setup() {}

  async teardown() {
    this.fakeTimers?.dispose();
    this.fakeTimersModern?.dispose();
    this.fakeTimers = this.fakeTimersModern = null;
    const { globals, env, exit, cwd } = this.found;
    putBack(globalThis, globals);
    for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
    Object.assign(process.env, env);
    Object.defineProperty(process, 'exit', exit);
    process.chdir(cwd);
    for (const one of storages) one.disable();
    storages.clear();
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  getVmContext() {
    return this.fakeTimers === null ? null : NO_CONTEXT;
  }
}

const propertiesOf = (object) =>
  new Map(Reflect.ownKeys(object).map((key) => [key, Object.getOwnPropertyDescriptor(object, key)]));

function putBack(object, found) {
  const now = propertiesOf(object);
  for (const [key, { configurable }] of now) if (configurable && !found.has(key)) delete object[key];
  for (const [key, before] of found)
    if (now.get(key)?.configurable !== false && !isSame(now.get(key), before))
      Object.defineProperty(object, key, before);
}

const isSame = (one, other) => ['value', 'get'].every((part) => one?.[part] === other[part]);

module.exports = OneRealmEnvironment;
