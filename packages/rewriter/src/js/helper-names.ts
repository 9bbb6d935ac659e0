/**
 * @module The helpers that rewritten code calls, with their exact contracts. The runtime installs them as
 * non-enumerable globals before the first script of a page; the rewriter only ever writes their names.
 *
 * Throughout, `~` is the marker U+000B, a *stand-in* is what the page must see in place of a Window, Document or
 * Location whose unforgeable properties would tell the truth, and *hot* are the names `location` and `top`.
 */
export const helperNames = {
  /**
   * E1 E2 E4: `cv$l(~o~).location`, `cv$l(~o~)[k]`, `{location} = cv$l(~source~)`.
   *
   * `cv$l(value)`: the stand-in of a Window or Document (of any realm that pages can reach), else `value` itself, of
   * whatever type, null and undefined too. Must not read a property of `value`, call it or throw: the native operation
   * that follows does. Called after the receiver was evaluated and before the key and the right-hand side are. The
   * stand-in is read, written, updated, used as a destructuring source (`get`, and `ownKeys` with
   * `getOwnPropertyDescriptor` for an object rest), but is never bound to a variable of the page.
   */
  standIn: 'cv$l',

  /**
   * E3 E5: `cv$p~.location`, `cv$p~.top`: an object with two accessors, `location` and `top`, which do what the bare
   * identifiers do at global level: get gives the stand-in (the page-visible top), set on `location` navigates, set on
   * `top` is ignored in sloppy code and throws in strict code (no setter).
   */
  globals: 'cv$p',

  /**
   * E5: `var cv$v~=cv$p~.location = x`, and the scratch variable of assignment patterns:
   * `({a:cv$v,[cv$u]:~{location}~=cv$l(cv$v)} = x)`. A writable, non-enumerable global data property; its value means
   * nothing between two statements.
   */
  scratch: 'cv$v',

  /**
   * E4: `{location:cv$1,[cv$u]:~x~=cv$w(cv$1)}`: a constant property key (a symbol) that no object has, so that the
   * default initialiser behind it is always evaluated. Reading it of any object must give undefined.
   */
  absentKey: 'cv$u',

  /**
   * E4: an object rest whose source nothing could wrap: `cv$f(rest)`. The argument is the fresh object that the pattern
   * made. Replaces in it an own `location` that is a real Location, and an own `top` that is the real top, by what the
   * page must see; returns the argument.
   */
  fixRest: 'cv$f',

  /**
   * E6: `cv$a(~eval(cv$r(~args~))~)`. A getter on the global: reading it *arms*, that is, the next read of the global
   * property `eval` gives the intrinsic (so that the call is a direct eval), and returns the identity function. The
   * order of evaluation: `cv$a` read, `eval` read, args evaluated (they may hold further evals, await or yield: a frame
   * can outlive its task), `cv$r` called, `eval` called, the identity called. If args throw, a frame is left armed or
   * taken: it must not arm a later indirect use.
   */
  armEval: 'cv$a',

  /**
   * E6: `cv$r(...args)`: closes the frame that `cv$a` opened and returns the first argument; if that is a string (or
   * what the engine compiles like one) and the frame was consumed by a read of the global `eval`, its
   * `rewriteScript(source, { kind: 'eval' })`. If the frame is no longer known (await, yield), rewrite: an unrewritten
   * source in an intrinsic eval is an escape, a rewritten one in a shadowed eval is only a blemish.
   */
  evalSource: 'cv$r',

  /**
   * E7: `cv$m(~x~).postMessage(…)`: for a Window, an object whose `postMessage` posts from the caller's realm with the
   * page's origins; for anything else the argument itself. Same rules as `cv$l`.
   */
  messageTarget: 'cv$m',

  /**
   * E4 E8: `cv$w(~location~)`: maps a *value* that may be a real Location (of any reachable realm) to its stand-in and
   * the real top window to the page-visible top; anything else comes back as it is. Used where a name is dynamic (in
   * `with`, in an inline handler, in eval code, beside a sloppy direct eval) and for the leaves of patterns.
   */
  value: 'cv$w',

  /**
   * E8: `cv$t(location,cv$x=>~location = cv$x,~x~)` for the source `location = x` where the name is dynamic.
   * `cv$t(current, write, value)`: if `current` is the real Location, assigns `value` to the page's location (for `top`:
   * nothing happens), else calls `write(value)`. Returns `value`.
   */
  writeDynamic: 'cv$t',

  /**
   * E8: `cv$d(location,cv$x=>location=cv$x)~.location += x`, and for every other place that takes a reference
   * (`++`, `||=`, for-heads, destructuring targets). `cv$d(current, write)` returns an object with the accessors
   * `location` and `top`: get gives `cv$w(current)`; set does `cv$t(current, write, value)`.
   */
  dynamicReference: 'cv$d',

  /**
   * E10b: `import(cv$i(~x~))`: a data: or blob: specifier gives a URL of the rewritten module, any other value comes
   * back as it is (not converted to a string: the import does that, once). With scoped imports (E10) a second argument,
   * the base URL: `cv$i(~x~,"https://site/dir/worker.js")`: then a relative specifier is resolved and made a browser
   * URL too.
   */
  moduleSpecifier: 'cv$i',
} as const;

/** A name that rewritten code may use as a global. Temporaries (`cv$1`, `cv$x`) are declared by the inserted code itself. */
export type HelperName = (typeof helperNames)[keyof typeof helperNames];
