import { expect, it } from 'vitest';
import { rewriteScript, type ScriptOptions } from './rewrite-script.js';
import { staysAsWritten } from './stays-as-written.js';

const kinds: ScriptOptions['kind'][] = ['script', 'module', 'handler', 'javascript-url', 'eval', 'function'];

it.each(['', '1 + 1', 'f(a[0], b["c"])', 'let relocation = `${x}`', 'return (', '"\\n"'])(
  'a text that is said to stay is not rewritten: %s',
  (source) => {
    expect(staysAsWritten(source)).toBe(true);
    for (const kind of kinds) expect(rewriteScript(source, { kind })).toBe(source);
  },
);

it.each(['location', 'a[b]', 'top.x', '"\\u006c"', 'eval("1")', '({ ...rest } = x)', 'a\v', 'cv$l'])(
  'a text that may need an edit is not said to stay: %s',
  (source) => expect(staysAsWritten(source)).toBe(false),
);
