/**
 * @module Two realms for the same script: one in which a page's own location is the real one, where scripts run as they
 * are, and one in which it is a stand-in, where they run rewritten on small helpers after the contracts in
 * `helper-names.ts`. What a script evaluates to and does must agree.
 *
 * In both, `window === globalThis`, `F` is the location that a page must see (its href is FAKE) and `top` is TOP; in the
 * second the engine's location has the href REAL. Navigations and messages are recorded.
 */
import { createContext, runInContext } from 'node:vm';
import { inspect } from 'node:util';
import { rewriteScript, type ScriptOptions } from './rewrite-script.js';
import { unrewriteScript } from './unrewrite-script.js';

export interface TestRealm {
  /** What a script evaluates to, or what it navigated to (`nav:…`) if it did. */
  evaluate(source: string, kind?: ScriptOptions['kind']): unknown;
  /** Everything that can be told of a run: result or error, and records. */
  observe(source: string, kind?: ScriptOptions['kind']): Promise<string>;
}

const common = String.raw`
(function (global, record, location, top, setLocation) {
  global.window = global.self = global;
  global.F = { href: 'FAKE', toString: undefined, reload() { record('reload'); } };
  delete global.F.toString;
  global.log = record;
  global.document = { nodeType: 9 };
  for (const owner of [global, global.document]) {
    Object.defineProperty(owner, 'location', {
      get: () => location ?? global.F, set: setLocation, enumerable: true, configurable: false,
    });
  }
  Object.defineProperty(global, 'top', { get: () => top, set: undefined, enumerable: true, configurable: false });
  global.postMessage = function (value) { record('post:' + value); };
  global.setTimeout = function setTimeout() {};
})`;

const helpers = String.raw`
(function (global, record, real, realTop, rewrite, unrewrite) {
  const fake = global.F;
  const hidden = (name, descriptor) =>
    Object.defineProperty(global, name, { enumerable: false, configurable: false, ...descriptor });
  const navigate = (value) => record('nav:' + value);
  const mapValue = (value) => (value === real ? fake : value === realTop ? 'TOP' : value);

  const standIns = new Map();
  const owners = new Set([global, global.document]);
  const makeStandIn = (owner) => {
    if (!standIns.has(owner)) {
      standIns.set(owner, new Proxy({}, {
        get: (_, key) => mapValue(owner[key]),
        set: (_, key, value) => {
          if (key === 'location') navigate(value);
          else if (key === 'top' && owner === global) return false;
          else return Reflect.set(owner, key, value);
          return true;
        },
        has: (_, key) => key in owner,
        ownKeys: () => Reflect.ownKeys(owner),
        getOwnPropertyDescriptor: (_, key) => {
          const found = Reflect.getOwnPropertyDescriptor(owner, key);
          return found && { ...found, configurable: true };
        },
      }));
    }
    return standIns.get(owner);
  };
  hidden('cv$l', { value: (value) => (owners.has(value) ? makeStandIn(value) : value) });
  hidden('cv$m', { value: (value) => (value === global ? { postMessage: global.postMessage } : value) });
  hidden('cv$w', { value: mapValue });
  hidden('cv$p', {
    value: Object.defineProperties({}, { location: { get: () => fake, set: navigate }, top: { get: () => 'TOP' } }),
  });
  hidden('cv$v', { value: undefined, writable: true });
  hidden('cv$u', { value: Symbol('absent') });
  hidden('cv$f', { value: (rest) => {
    for (const key of ['location', 'top']) if (Object.hasOwn(rest, key)) rest[key] = mapValue(rest[key]);
    return rest;
  } });
  const write = (current, assign, value) => {
    if (current === real) navigate(value);
    else if (current !== realTop) assign(value);
    return value;
  };
  hidden('cv$t', { value: write });
  hidden('cv$d', { value: (current, assign) => {
    const accessor = { get: () => mapValue(current), set: (value) => void write(current, assign, value) };
    return Object.defineProperties({}, { location: accessor, top: accessor });
  } });
  hidden('cv$i', { value: (specifier) => specifier });

  const intrinsic = global.eval;
  const indirect = { eval: (source) => intrinsic(typeof source === 'string' ? rewrite(source) : source) }.eval;
  const frames = [];
  let current = indirect;
  hidden('cv$a', { get() { frames.push(false); return (result) => result; } });
  hidden('cv$r', { value: (source) => {
    const isTaken = frames.pop() ?? true;
    return isTaken && typeof source === 'string' ? rewrite(source) : source;
  } });
  Object.defineProperty(global, 'eval', {
    get() {
      if (current !== indirect || frames.length === 0 || frames.at(-1)) return current;
      frames[frames.length - 1] = true;
      return intrinsic;
    },
    set(value) { current = value; },
    enumerable: false, configurable: true,
  });
  const nativeToString = Function.prototype.toString;
  Function.prototype.toString = { toString() { return unrewrite(nativeToString.call(this)); } }.toString;
})`;

/** Where scripts run as they are. */
export function createNativeRealm(): TestRealm {
  const { context, record, records } = createRealm();
  const navigate = (value: unknown) => record('nav:' + String(value));
  (runInContext(common, context) as Install)(globalOf(context), record, null, 'TOP', navigate);
  return testRealm(context, records, (source, kind) => (kind === 'handler' ? inHandler(source) : source));
}

/** Where scripts run rewritten. */
export function createProxiedRealm(): TestRealm {
  const { context, record, records } = createRealm();
  const real = runInContext(`({ href: 'REAL' })`, context) as object;
  const realTop = runInContext(`({ isRealTop: true })`, context) as object;
  const escape = (value: unknown) => record('escaped:' + String(value));
  (runInContext(common, context) as Install)(globalOf(context), record, real, realTop, escape);
  const rewriteEval = (source: string) => rewriteScript(source, { kind: 'eval' });
  (runInContext(helpers, context) as Install)(globalOf(context), record, real, realTop, rewriteEval, unrewriteScript);
  return testRealm(context, records, (source, kind) => {
    const rewritten = rewriteScript(source, { kind });
    return kind === 'handler' ? inHandler(rewritten) : rewritten;
  });
}

type Install = (...args: unknown[]) => void;

/** As HTML compiles a handler: a function within the scopes of an element and its document. */
function inHandler(body: string): string {
  return `with(document)with({id:'element'})(function onclick(event){${body}\n})()`;
}

function createRealm() {
  const records: string[] = [];
  return { context: createContext({}), records, record: (text: unknown) => void records.push(String(text)) };
}

function globalOf(context: object): unknown {
  return runInContext('globalThis', context);
}

function testRealm(
  context: object,
  records: string[],
  prepare: (source: string, kind: ScriptOptions['kind']) => string,
): TestRealm {
  return {
    evaluate(source, kind = 'script') {
      records.length = 0;
      const result = runInContext(prepare(source, kind), context) as unknown;
      return records.length > 0 ? records.join() : result;
    },
    async observe(source, kind = 'script') {
      records.length = 0;
      let outcome: string;
      try {
        outcome = inspect(await runInContext(prepare(source, kind), context));
      } catch (error) {
        outcome = 'throws ' + ((error as Error | undefined)?.name ?? inspect(error));
      }
      return [outcome, ...records].join(' | ');
    },
  };
}
