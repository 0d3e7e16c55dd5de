// runtime.cjs: Jest's module loader for test files that share a realm: packages are loaded once for all files of a process, and what is
// compiled is compiled once. Our own modules are still evaluated anew for each test file.

const { createRequire } = require('node:module');
const { sep } = require('node:path');
const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

const load = createRequire(__filename);
const PACKAGES = `${sep}node_modules${sep}`;

/** By file. */
const compiled = new Map();

class OneRealmRuntime extends Runtime {
  constructor(config, environment, ...rest) {
    super(config, environment, ...rest);
    this.isShared = environment.global === globalThis;
    if (!this.isShared) return;
    const { executor } = this;
    const { injectedModuleParameters } = executor;
    executor.compile = (source, filename) => {
      if (environment.getVmContext() === null) return null;
      const kept = compiled.get(filename);
      if (kept?.source === source) return kept.run;
      const run = compileFunction(source, injectedModuleParameters, { filename });
      compiled.set(filename, { source, run });
      return run;
    };
  }

  requireModule(from, name, options, isActual) {
    if (this.isShared && name !== undefined && !options?.isInternalModule && !this._resolution.isCoreModule(name)) {
      const path = this._resolution.resolveCjs(from, name);
      // What Jest transforms is no CommonJS as it stands.
      if (path.includes(PACKAGES) && !this.isTransformed(path)) return load(path);
    }
    return super.requireModule(from, name, options, isActual);
  }

  isTransformed(path) {
    return this.transformCache.scriptTransformer.shouldTransform(path);
  }
}

module.exports = { __esModule: true, default: OneRealmRuntime };
