import { expect, it } from 'vitest';
import { parseDataUrl, serializeDataUrl } from './data-url.js';
import { isHtmlMimeType, isJavaScriptMimeType, isJavaScriptMimeTypeEssence, parseMimeType } from './mime-type.js';
import { sniffEncoding } from './sniff-encoding.js';

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (unit) => unit.charCodeAt(0));

it.each([
  ['text/html', 'text/html', {}],
  [' Text/HTML ; Charset=UTF-8 ', 'text/html', { charset: 'UTF-8' }],
  ['text/html;charset =utf-8', 'text/html', {}],
  ['text/html;charset="a\\"b;c";charset=d', 'text/html', { charset: 'a"b;c' }],
  ['text/html;;a=;b="";c=d ;e', 'text/html', { b: '', c: 'd' }],
  ['text/html;charset=gbk(', 'text/html', { charset: 'gbk(' }],
  ['text/html;charset="unclosed', 'text/html', { charset: 'unclosed' }],
])('parses %s', (value, essence, parameters) => {
  const mimeType = parseMimeType(value)!;
  expect(mimeType.essence).toBe(essence);
  expect(Object.fromEntries(mimeType.parameters)).toEqual(parameters);
});

it.each(['', 'text', 'text/', '/html', 'te xt/html', 'text/ht ml', 'text/html,text/plain'])('refuses %j', (value) => {
  expect(parseMimeType(value)).toBe(null);
});

it('knows JavaScript and HTML', () => {
  expect(isJavaScriptMimeType('Application/JavaScript; charset=utf-8')).toBe(true);
  expect(isJavaScriptMimeType('application/json')).toBe(false);
  expect(isJavaScriptMimeTypeEssence('text/javascript; charset=utf-8')).toBe(false);
  expect(isHtmlMimeType('text/html;x')).toBe(true);
  expect(isHtmlMimeType('application/xhtml+xml')).toBe(false);
});

it.each([
  ['', 'windows-1252'],
  ['<meta charset=utf-8>', 'utf-8'],
  ['<META CHARSET = "\'utf-8">', 'windows-1252'],
  ["<meta charset='latin1'>", 'windows-1252'],
  ['<!--<meta charset=utf-8>-->', 'windows-1252'],
  ['<!--><meta charset=utf-8>', 'utf-8'],
  ['<p title="<meta charset=utf-8>">', 'windows-1252'],
  ['</p <meta charset=utf-8>', 'windows-1252'],
  ['<?meta charset=utf-8?><meta charset=koi8-r>', 'koi8-r'],
  ['<meta/charset=utf-8/>', 'windows-1252'],
  ['<metacharset=utf-8>', 'windows-1252'],
  ['<meta content="text/html; charset=utf-8">', 'windows-1252'],
  ['<meta content="text/html; charset=utf-8" http-equiv=content-type>', 'utf-8'],
  ['<meta http-equiv="Content-Type" content="charset = \'gbk\'">', 'gbk'],
  ['<meta charset=utf-16>', 'utf-8'],
  ['<meta charset=x-user-defined>', 'windows-1252'],
  ['<meta charset=nonsense><meta charset=euc-jp>', 'euc-jp'],
  ['<meta charset="utf-8', 'windows-1252'],
  ['\xef\xbb\xbf<meta charset=koi8-r>', 'utf-8'],
  [`${' '.repeat(1020)}<meta charset=utf-8>`, 'windows-1252'],
])('finds the encoding of %j', (start, encoding) => {
  expect(sniffEncoding(bytesOf(start))).toBe(encoding);
});

it('prefers the byte order mark to the header and the header to meta', () => {
  expect(sniffEncoding(bytesOf('\xff\xfea'), 'utf-8')).toBe('utf-16le');
  expect(sniffEncoding(bytesOf('<meta charset=utf-8>'), 'KOI8-R')).toBe('koi8-r');
  expect(sniffEncoding(bytesOf('<meta charset=utf-8>'), 'none')).toBe('utf-8');
  expect(sniffEncoding(bytesOf(''), 'hz-gb-2312')).toBe('replacement');
});

it.each([
  ['data:,a%20b#c', '', 'a b'],
  ['data:text/javascript;base64,YQ==', 'text/javascript', 'a'],
  ['data:text/javascript; BASE64,%59Q', 'text/javascript', 'a'],
  ['data:text/html;charset=x;base64x,%', 'text/html;charset=x;base64x', '%'],
])('reads %s', (url, mediaType, text) => {
  const dataUrl = parseDataUrl(url)!;
  expect([dataUrl.mediaType, new TextDecoder().decode(dataUrl.body)]).toEqual([mediaType, text]);
});

it('reads no data: URL without a comma or with bad base64', () => {
  expect(parseDataUrl('data:text/html')).toBe(null);
  expect(parseDataUrl('data:;base64,a')).toBe(null);
});

it('reads back what it wrote', () => {
  const url = serializeDataUrl('text/javascript;charset=koi8-r', 'é#%\n😀');
  expect(url.startsWith('data:text/javascript;charset=utf-8,')).toBe(true);
  expect(new TextDecoder().decode(parseDataUrl(new URL(url).href)!.body)).toBe('é#%\n😀');
});
