/**
 * @module The words that the fast path must tell from other identifiers, found by their first two letters and length.
 */
const words = [
  'break', 'case', 'catch', 'class', 'const', 'continue', 'debugger', 'default', 'delete', 'do', 'else', 'enum', 'export',
  'extends', 'false', 'finally', 'for', 'function', 'if', 'import', 'in', 'instanceof', 'new', 'null', 'return', 'super',
  'switch', 'this', 'throw', 'true', 'try', 'typeof', 'var', 'void', 'while', 'with',
  'async', 'await', 'eval', 'get', 'let', 'location', 'of', 'set', 'static', 'top', 'yield',
] as const; // prettier-ignore

/** The numbers of the words; 0 is any other identifier. From `async` on the words are identifiers in most places. */
export const enum Word {
  None, Break, Case, Catch, Class, Const, Continue, Debugger, Default, Delete, Do, Else, Enum, Export,
  Extends, False, Finally, For, Function, If, Import, In, Instanceof, New, Null, Return, Super,
  Switch, This, Throw, True, Try, Typeof, Var, Void, While, With,
  Async, Await, Eval, Get, Let, Location, Of, Set, Static, Top, Yield,
} // prettier-ignore

const slots = new Uint8Array(1 << 14);
const letters = new Uint8Array(words.length * 16 + 16);
for (const [index, word] of words.entries()) {
  const slot = slotOf(word.charCodeAt(0), word.charCodeAt(1), word.length);
  if (slots[slot] !== 0) throw new Error('Two words share a slot.');
  slots[slot] = index + 1;
  for (let at = 0; at < word.length; at++) letters[(index + 1) * 16 + at] = word.charCodeAt(at);
}

function slotOf(first: number, second: number, length: number): number {
  return ((first & 31) << 9) | ((second & 31) << 4) | length;
}

/** Which word stands at `start`, where an identifier of `length` bytes stands. */
export function wordAt(bytes: Uint8Array, start: number, length: number): Word {
  if (length > 10 || length < 2) return Word.None;
  const word = slots[slotOf(bytes[start]!, bytes[start + 1]!, length)]!;
  if (word === 0) return Word.None;
  for (let at = 0, letter = word * 16; at < length; at++) {
    if (bytes[start + at] !== letters[letter + at]) return Word.None;
  }
  return word;
}

/** Whether `location` or `top` stands there. */
export function isHotWord(bytes: Uint8Array, start: number, length: number): boolean {
  if (length !== 3 && length !== 8) return false;
  const word = wordAt(bytes, start, length);
  return word === Word.Location || word === Word.Top;
}
