/**
 * @module The rewriters of `culvert.runtime.js`, which the built worker loads anyway. In its bundle the files here stand in the place of
 * the rewriter's own of the same names (`build/shared-rewriters.ts`), so that no parser is shipped twice.
 */
import type { Rewriters } from '@culvert/runtime';

interface RuntimeGlobal {
  culvertRuntime: { rewriters: () => Rewriters };
}

let loaded: Rewriters | null = null;

export function rewriters(): Rewriters {
  return (loaded ??= (self as unknown as RuntimeGlobal).culvertRuntime.rewriters());
}

/** A class of theirs that can be imported before they are loaded. To be called with `new`, which gives what a function returns. */
export function lateClass<Name extends 'CssSplicer' | 'HtmlSplicer' | 'XmlSplicer'>(name: Name): Rewriters[Name] {
  return function (...parameters: never[]) {
    return new (rewriters()[name] as new (...parameters: never[]) => object)(...parameters);
  } as unknown as Rewriters[Name];
}
