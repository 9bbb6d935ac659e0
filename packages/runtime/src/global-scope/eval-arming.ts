/**
 * @module How a direct eval stays direct: `cv$a(eval(cv$r(text)))`.
 *
 * Reading `cv$a` opens a frame; if `eval` is then the global's (and not a variable of that name, nor replaced), its
 * getter gives the intrinsic and marks the frame, so that the engine sees a direct eval; `cv$r` closes the frame and
 * rewrites only if it was marked. The arguments may hold evals of their own, hence a stack.
 */
import { rewriteScript } from '@culvert/rewriter';
import { withTrustOf } from '../dom/trusted-types.js';
import { SafeWeakMap } from '../natives.js';
import type { Realm } from '../realm/realm.js';

export interface EvalArming {
  /** The getter of `cv$a`. */
  arm(this: void): (result: unknown) => unknown;
  /** `cv$r`. */
  disarm(this: void, ...args: unknown[]): unknown;
  /** True if the read of `window.eval` under way is that of a direct eval, which is thereby served. */
  take(this: void): boolean;
}

const instances = new SafeWeakMap<Realm, EvalArming>();

export function evalArming(realm: Realm): EvalArming {
  let found = instances.get(realm);
  if (!found) instances.set(realm, (found = createArming(realm)));
  return found;
}

function createArming(realm: Realm): EvalArming {
  const taken: boolean[] = [];
  let depth = 0;
  const identity = (result: unknown) => result;
  return {
    arm() {
      // Arguments that throw leave their frame behind, which must not arm a later, indirect use.
      if (depth === 0) realm.natives.queueMicrotask(() => (depth = 0));
      taken[depth++] = false;
      return identity;
    },
    take() {
      if (depth === 0 || taken[depth - 1]) return false;
      taken[depth - 1] = true;
      return true;
    },
    disarm(source) {
      // A frame that is gone (an await or yield among the arguments) may have been taken: better a blemish in a
      // shadowed eval's source than an escape through the intrinsic.
      const isDirect = depth === 0 || taken[--depth];
      return isDirect ? rewriteEvalSource(realm, source) : source;
    },
  };
}

/** What eval compiles: a string, or a TrustedScript, whose text the policy has already let pass. */
export function rewriteEvalSource(realm: Realm, source: unknown): unknown {
  if (typeof source === 'string') return rewriteScript(source, { kind: 'eval' });
  const { TrustedScript } = realm.global as { TrustedScript?: new () => object };
  if (!TrustedScript || !(source instanceof TrustedScript)) return source;
  const text = `${source as unknown as string}`;
  const rewritten = rewriteScript(text, { kind: 'eval' });
  return rewritten === text ? source : withTrustOf(realm, source, rewritten);
}
