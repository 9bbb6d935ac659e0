import fc from 'fast-check';
import { expect, it } from 'vitest';
import { rewriteBytesQuickly, rewriteScript, rewriteScriptBytes } from './rewrite-script.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

function rewrite(source: string): string {
  return decoder.decode(rewriteScriptBytes(encoder.encode(source), { kind: 'script' }));
}

const fragments =
  'a [k] .location .top =1; \n ( ) { } "é😀" \' ` / \u2028 é location top cv$l(\v cv$ \v eval(x) x$ , :'.split(' ');

it('gives what rewriteScript gives, for bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...fragments), { maxLength: 12 }), (parts) => {
      const source = parts.join('');
      expect(rewrite(source)).toBe(rewriteScript(source, { kind: 'script' }));
    }),
    { seed: 5, numRuns: 5000 },
  );
});

it('gives back the array itself if there is nothing to edit', () => {
  for (const source of ['a.b', '"é"', 'o["x"]', '']) {
    const bytes = encoder.encode(source);
    expect(rewriteScriptBytes(bytes, { kind: 'script' })).toBe(bytes);
  }
});

it('leaves what is no UTF-8 where it is', () => {
  const bytes = Uint8Array.of(...encoder.encode('x="'), 0xff, 0xe2, 0x80, ...encoder.encode('";location'));
  const rewritten = rewriteScriptBytes(bytes, { kind: 'script' });
  expect(rewritten.subarray(0, 6)).toEqual(bytes.subarray(0, 6));
  expect(decoder.decode(rewritten)).toContain('cv$p\v.location');
});

it('keeps a byte order mark, also before a hashbang', () => {
  expect(rewrite('\ufefflocation')).toBe('\ufeffcv$p\v.location');
  expect(rewrite('\ufeff#!x\nlocation')).toBe('\ufeff#!x\ncv$p\v.location');
});

it('takes the reference path for texts that look like insertions', () => {
  expect(rewriteBytesQuickly(encoder.encode('/*\v*/location'), { kind: 'script' })).toHaveProperty('doubt', 'marker');
  expect(rewriteBytesQuickly(encoder.encode('cv$l;location'), { kind: 'script' })).toHaveProperty('doubt', 'marker');
});
