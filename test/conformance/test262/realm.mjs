/**
 * @module A realm for one test: a context of node:vm with what a test262 host defines, native or proxied.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import vm from 'node:vm';
import { helperScript, windowScript } from './realm-scripts.mjs';

const longestRun = 10_000;

const installWindow = new vm.Script(windowScript, { filename: 'window' });
const installHelpers = new vm.Script(helperScript, { filename: 'helpers' });

/** How the source of a test gets into a realm: as it is, or rewritten. */
export class Realm {
  /**
   * @param rewriter the rewriter's exports, or null for a native realm
   * @param {(text: string) => void} print
   */
  constructor(rewriter, print) {
    this.rewriter = rewriter;
    this.print = print;
    this.global = vm.createContext(vm.constants.DONT_CONTEXTIFY);
    this.modules = new Map();
    const object = (text) => vm.runInContext(`({ href: '${text}' })`, this.global);
    const shown = [object('page'), object('page top')];
    const hidden = rewriter ? [object('proxy'), object('proxy top')] : shown;
    installWindow.runInContext(this.global)(this.global, ...hidden);
    if (rewriter) {
      const rewrite = Object.assign((source, kind) => this.prepare(source, kind), { cut: cutFunction });
      const install = installHelpers.runInContext(this.global);
      install(this.global, rewriter.helperNames, rewrite, rewriter.unrewriteScript, ...hidden, ...shown);
    }
    this.host = this.#createHost();
    const define = (name, value) =>
      Object.defineProperty(this.global, name, { value, configurable: true, writable: true });
    define('print', print);
    define('$262', this.host);
  }

  prepare(source, kind) {
    return this.rewriter ? this.rewriter.rewriteScript(source, { kind }) : source;
  }

  /** Throws what compiling throws. */
  compile(source, file) {
    return new vm.Script(this.prepare(source, 'script'), {
      filename: file,
      importModuleDynamically: (specifier, _script, attributes) => this.importModule(specifier, file, attributes),
    });
  }

  run(script) {
    return script.runInContext(this.global, { timeout: longestRun });
  }

  createModule(source, file) {
    const module = new vm.SourceTextModule(this.prepare(source, 'module'), {
      context: this.global,
      identifier: file,
      importModuleDynamically: (specifier, _module, attributes) => this.importModule(specifier, file, attributes),
    });
    this.modules.set(file, module);
    return module;
  }

  async linkAndEvaluate(module) {
    if (module.status === 'unlinked') {
      await module.link((specifier, referrer, extra) => this.#load(specifier, referrer.identifier, extra.attributes));
    }
    // One that is being evaluated imports itself; asking again would take node down.
    if (module.status === 'linked') await module.evaluate({ timeout: longestRun });
    if (module.status === 'errored') throw module.error;
    return module;
  }

  async importModule(specifier, referrer, attributes) {
    const module = this.#load(specifier, referrer, attributes);
    if (module.status === 'linking') await new Promise((resolve) => setImmediate(resolve));
    return this.linkAndEvaluate(module);
  }

  #load(specifier, referrer, attributes) {
    const file = path.resolve(path.dirname(referrer), specifier);
    const known = this.modules.get(file);
    if (known) return known;
    const source = readFileSync(file, 'utf8');
    if (attributes?.type !== 'json') return this.createModule(source, file);
    const value = vm.runInContext('JSON.parse', this.global)(source);
    const module = new vm.SyntheticModule(['default'], () => module.setExport('default', value), {
      context: this.global,
      identifier: file,
    });
    this.modules.set(file, module);
    return module;
  }

  #createHost() {
    return Object.assign(vm.runInContext('({})', this.global), {
      global: this.global,
      createRealm: () => new Realm(this.rewriter, this.print).host,
      evalScript: (source) => this.run(this.compile(source, 'evalScript')),
      detachArrayBuffer: (buffer) => void structuredClone(buffer, { transfer: [buffer] }),
      gc() {
        throw new Error('gc is not exposed');
      },
      agent: {},
    });
  }
}

/** The parameters and the body of a rewritten `function anonymous(P\n) {\nB\n}`: no insertion holds a line break. */
function cutFunction(source, rewritten, headLength, parametersLength) {
  const end = headLength + parametersLength;
  let cut = rewritten.indexOf('\n');
  const lines = source.slice(0, end).split('\n').length - 1;
  for (let line = 0; line < lines; line++) cut = rewritten.indexOf('\n', cut + 1);
  const list = rewritten.indexOf('\n/*cv$\v@');
  const programEnd = list < 0 ? rewritten.length : list;
  return [rewritten.slice(headLength, cut), rewritten.slice(cut + '\n) {\n'.length, programEnd - '\n}'.length)];
}
