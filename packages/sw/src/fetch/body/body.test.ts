import { expect, it } from 'vitest';
import { nameDownload } from './download-name.js';
import { peekBytes } from './peek-bytes.js';
import { isExecutable, isModuleText } from './script.js';
import { sniffMimeType } from './sniff-document.js';

const bytes = (text: string) => Uint8Array.from(text, (unit) => unit.charCodeAt(0));

it.each<[text: string, mimeType: string]>([
  ['<!DOCTYPE html>', 'text/html'],
  ['\n\t <HTML lang=en>', 'text/html'],
  ['<p>', 'text/html'],
  ['<!-- x -->', 'text/html'],
  ['<path>', 'text/plain'],
  ['<?xml version="1.0"?>', 'text/xml'],
  ['%PDF-1.4', 'application/pdf'],
  ['\x89PNG\r\n\x1a\n', 'image/png'],
  ['GIF89a', 'image/gif'],
  ['RIFF1234WEBPVP8 ', 'image/webp'],
  ['\xef\xbb\xbfhi', 'text/plain'],
  ['plain\x1b text', 'text/plain'],
  ['a\0b', 'application/octet-stream'],
  ['', 'text/plain'],
])('sniffs %j as %s', (text, mimeType) => {
  expect(sniffMimeType(bytes(text), false)).toBe(mimeType);
});

it('peeks at a stream in chunks of any size and gives all of it back', async () => {
  const text = 'The quick brown fox';
  for (const size of [1, 2, 7, 100]) {
    for (const count of [0, 1, 5, 19, 50]) {
      const chunks = text.match(new RegExp(`.{1,${size}}`, 'g'))!.map(bytes);
      const stream = new ReadableStream<Uint8Array>({
        pull(controller) {
          const chunk = chunks.shift();
          if (chunk) controller.enqueue(chunk);
          else controller.close();
        },
      });
      const peeked = await peekBytes(stream, count);
      expect(peeked.bytes.length).toBeGreaterThanOrEqual(Math.min(count, text.length));
      expect(await new Response(peeked.body as ReadableStream<Uint8Array<ArrayBuffer>>).text()).toBe(text);
    }
  }
});

it('hands on the error and the cancelling of a stream that it has peeked at', async () => {
  let pulls = 0;
  const failing = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (pulls++ === 0) controller.enqueue(bytes('abc'));
      else controller.error(new Error('broken'));
    },
  });
  const reader = (await peekBytes(failing, 2)).body.getReader();
  expect((await reader.read()).value).toEqual(bytes('abc'));
  await expect(reader.read()).rejects.toThrow('broken');

  let reason: unknown;
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(bytes('x')),
    cancel: (why) => void (reason = why),
  });
  await (await peekBytes(endless, 1)).body.cancel('enough');
  expect(reason).toBe('enough');
});

it.each<[source: string, expected: boolean]>([
  ['import x from "y"', true],
  ['export default 1', true],
  ['a();import{b}from"c"', true],
  ['import.meta.url', true],
  ['import("x")', false],
  ['var s = "import x from y"', false],
  ['/* export */ var location', false],
  ['not a program {', false],
])('%j is a module: %s', (source, expected) => {
  expect(isModuleText(source)).toBe(expected);
});

it('falls back to the text where the worker may not compile', () => {
  const native = globalThis.Function;
  globalThis.Function = function () {
    throw new EvalError('blocked');
  } as unknown as FunctionConstructor;
  try {
    expect(['\nimport x from "y"', 'import("x")', 'export {}'].map(isModuleText)).toEqual([true, false, true]);
  } finally {
    globalThis.Function = native;
  }
});

it.each<[goal: 'classic' | 'unknown', type: string, nosniff: boolean, expected: boolean]>([
  ['classic', 'text/javascript', true, true],
  ['classic', 'text/plain', false, true],
  ['classic', 'text/plain', true, false],
  ['classic', '', false, true],
  ['classic', 'audio/mpeg', false, false],
  ['classic', 'text/csv', false, false],
  ['unknown', 'application/json', false, false],
  ['unknown', 'text/css', false, false],
  ['unknown', 'application/ld+json', false, false],
  ['unknown', 'text/html', false, true],
])('%s script of type %j (nosniff %s) is executable: %s', (goal, type, nosniff, expected) => {
  const headers = new Headers({ 'content-type': type, ...(nosniff && { 'x-content-type-options': 'nosniff' }) });
  expect(isExecutable(goal, headers)).toBe(expected);
});

it.each<[disposition: string | null, url: string, expected: string | null]>([
  [null, 'https://a.test/a%20b.pdf', "inline; filename*=UTF-8''a%20b.pdf"],
  ['attachment', 'https://a.test/x(1).zip', "attachment; filename*=UTF-8''x%281%29.zip"],
  ['inline; FileName=x', 'https://a.test/y', 'inline; FileName=x'],
  [null, 'https://a.test/', null],
])('names the file of %j at %s', (disposition, url, expected) => {
  const headers = new Headers(disposition === null ? {} : { 'content-disposition': disposition });
  nameDownload(headers, url);
  expect(headers.get('content-disposition')).toBe(expected);
});
