/**
 * @module What a visited node has to know about where it stands, as bits.
 */
export const Context = {
  none: 0,
  /** Callee of a call, tag of a template or class of a `new`: what it evaluates to is called, not seen. */
  callee: 1 << 0,
  /** Callee of a call proper. */
  callCallee: 1 << 1,
  deleted: 1 << 2,
  typeofOperand: 1 << 3,
  /** Unparenthesised in the callee of `new`, where a call would end it. */
  newCallee: 1 << 4,
  /** In an optional chain, which may end early. */
  optionalChain: 1 << 5,
  /** The value of the expression is dropped. */
  unused: 1 << 6,
  /** A pattern (or its leaf) that declares. */
  binding: 1 << 7,
  /** A pattern (or its leaf) that assigns. */
  target: 1 << 8,
  /** A pattern whose source is already a stand-in. */
  wrapped: 1 << 9,
  /** A leaf that is also its own key. */
  shorthand: 1 << 10,
  /** How a binding declares: `var`, or `let`, `const`, `class` (a parameter has neither bit). */
  varBinding: 1 << 11,
  lexicalBinding: 1 << 12,
} as const;

/** The bits that the parts of a pattern inherit. */
export const patternContext = Context.binding | Context.target | Context.varBinding | Context.lexicalBinding;
