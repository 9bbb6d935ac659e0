/**
 * @module `Function(parameters, body)` and its async and generator kin.
 */
import { rewriteScript } from '@culvert/rewriter';
import { hookedConstructor } from '../../interception/index.js';
import {
  apply,
  construct,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  stringIndexOf,
  stringSlice,
} from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

const flavours = [
  { head: 'function anonymous(', sample: function () {} },
  { head: 'async function anonymous(', sample: async function () {} },
  { head: 'function* anonymous(', sample: function* () {} },
  { head: 'async function* anonymous(', sample: async function* () {} },
] as const;

export function interceptFunctionConstructors(realm: Realm): void {
  for (const { head, sample } of flavours) {
    const prototype = getPrototypeOf(sample)!;
    const native = getOwnPropertyDescriptor(prototype, 'constructor')!.value as (...args: any[]) => any;
    const build = (args: any[], newTarget: any) => construct(native, rewriteArguments(native, head, args), newTarget);
    const hook = hookedConstructor(realm, native, {
      construct: () => build,
      call: () => (_self, args) => build(args, native),
    });
    if (native === realm.natives.Function) {
      defineProperty(realm.global, 'Function', { ...getOwnPropertyDescriptor(realm.global, 'Function'), value: hook });
    }
  }
}

/**
 * The function is first made of what the page gave, so that a SyntaxError (and the check that parameters and body are
 * two separate things) is the engine's; then the whole is rewritten and cut apart again.
 */
function rewriteArguments(native: (...args: any[]) => any, head: string, args: any[]): string[] {
  const texts: string[] = [];
  for (let index = 0; index < args.length; index++) texts[index] = `${args[index]}`;
  apply(native, undefined, texts);

  const body = texts.length > 0 ? texts[texts.length - 1]! : '';
  let parameters = '';
  for (let index = 0; index < texts.length - 1; index++) parameters += (index > 0 ? ',' : '') + texts[index]!;

  const between = '\n) {\n';
  const source = `${head}${parameters}${between}${body}\n}`;
  const rewritten = rewriteScript(source, { kind: 'function' });
  if (rewritten === source) return texts;
  const cut = findCut(source, rewritten, head.length + parameters.length);
  return [
    stringSlice(rewritten, head.length, cut),
    stringSlice(rewritten, cut + between.length, endOfProgram(rewritten) - '\n}'.length),
  ];
}

/**
 * Where the end of the parameters came to lie. No insertion holds a line break and none is made next to the one that
 * ends the parameters, so it is the line break of the same number.
 */
function findCut(source: string, rewritten: string, end: number): number {
  let remaining = 0;
  for (let index = 0; index < end; index++) if (source[index] === '\n') remaining++;
  let position = stringIndexOf(rewritten, '\n');
  while (remaining-- > 0) position = stringIndexOf(rewritten, '\n', position + 1);
  return position;
}

/** A source that holds the marker itself is followed by a comment of the rewriter's. */
function endOfProgram(rewritten: string): number {
  const list = stringIndexOf(rewritten, '\n/*cv$\v@');
  return list < 0 ? rewritten.length : list;
}
