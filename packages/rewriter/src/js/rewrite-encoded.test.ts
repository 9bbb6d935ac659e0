import { expect, it } from 'vitest';
import { encoderFor } from '../text/encode-text.js';
import { rewriteEncodedScript } from './rewrite-encoded.js';
import { rewriteScript } from './rewrite-script.js';

const source = 'var 変 = "表"; location.href = "日本能"; // 終';
const rewritten = rewriteScript(source, { kind: 'script' });
const none = (): string => '?';

it.each(['shift_jis', 'euc-jp', 'iso-2022-jp', 'gbk', 'utf-16le', 'utf-16be', 'utf-8'])(
  'a script in %s stays in it',
  (encoding) => {
    const bytes = encoderFor(encoding, none)(source);
    const output = rewriteEncodedScript(bytes, { kind: 'script' }, encoding);
    expect(rewritten).not.toBe(source);
    expect(new TextDecoder(encoding).decode(output)).toBe(rewritten);
  },
);

it.each(['utf-16le', 'utf-16be', 'utf-8'])('a byte order mark of %s wins and stays', (encoding) => {
  const bytes = encoderFor(encoding, none)(`\ufeff${source}`);
  const output = rewriteEncodedScript(bytes, { kind: 'script' }, 'shift_jis');
  expect(new TextDecoder(encoding, { ignoreBOM: true }).decode(output)).toBe(`\ufeff${rewritten}`);
});

it('a script of an encoding that nobody names keeps its bytes', () => {
  const bytes = encoderFor('koi8-r', none)('a = "что"; top.b = location;');
  const output = rewriteEncodedScript(bytes, { kind: 'script' }, null);
  expect(new TextDecoder('koi8-r').decode(output)).toBe(
    rewriteScript('a = "что"; top.b = location;', { kind: 'script' }),
  );
});

it("a script that is not in its document's encoding keeps its bytes", () => {
  const text = 'a = "日本é"; top.b = location;';
  const expected = rewriteScript(text, { kind: 'script' });
  for (const encoding of ['utf-8', 'euc-kr', 'windows-1252']) {
    const own = encoding === 'utf-8' ? text : text.replace('日本', '');
    const output = rewriteEncodedScript(encoderFor(encoding, none)(own), { kind: 'script' }, null, 'shift_jis');
    expect([...output]).toEqual([...encoderFor(encoding, none)(expected.replace('日本', own === text ? '日本' : ''))]);
  }
});

it.each(['shift_jis', 'iso-2022-jp', 'big5'])(
  'a script without a charset is read as its document in %s',
  (encoding) => {
    const text = 'a = "表功"; top.b = location;'.replace(encoding === 'big5' ? '表' : '', '');
    const output = rewriteEncodedScript(encoderFor(encoding, none)(text), { kind: 'script' }, null, encoding);
    expect(new TextDecoder(encoding).decode(output)).toBe(rewriteScript(text, { kind: 'script' }));
  },
);

it.each(['utf-16le', 'utf-16be'])('a script in %s is known without being named', (encoding) => {
  const output = rewriteEncodedScript(encoderFor(encoding, none)(source), { kind: 'script' }, null);
  expect(new TextDecoder(encoding).decode(output)).toBe(rewritten);
});

it('what needs no edit is the array that was given', () => {
  for (const encoding of ['shift_jis', 'utf-16le', null]) {
    const bytes = encoderFor('shift_jis', none)('a = "表"');
    expect(rewriteEncodedScript(bytes, { kind: 'script' }, encoding)).toBe(bytes);
  }
});
