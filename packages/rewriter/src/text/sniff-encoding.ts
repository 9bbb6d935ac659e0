/**
 * @module Which encoding a document is in: byte order mark, then Content-Type, then the first `<meta>` that says.
 */
import { encodingFromLabel } from './encoding-label.js';

/** How many bytes the prescan reads, so how many a stream has to hold back at most. */
export const prescanLength = 1024;

/** What a document is in when nothing says: the default of most locales. */
const defaultEncoding = 'windows-1252';

/**
 * @param contentTypeCharset the charset parameter of Content-Type as it was sent
 * @returns a name for `TextDecoder` or `replacement`
 * @see https://html.spec.whatwg.org/multipage/parsing.html#determining-the-character-encoding
 */
export function sniffEncoding(bytes: Uint8Array, contentTypeCharset?: string): string {
  return (
    sniffByteOrderMark(bytes) ??
    (contentTypeCharset === undefined ? null : encodingFromLabel(contentTypeCharset)) ??
    prescan(bytes) ??
    defaultEncoding
  );
}

/** https://encoding.spec.whatwg.org/#bom-sniff */
export function sniffByteOrderMark(bytes: Uint8Array): string | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  return null;
}

/** https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding */
export function prescan(bytes: Uint8Array): string | null {
  // The algorithm looks at ASCII alone, so one code unit a byte is exact.
  let text = '';
  for (let i = 0; i < Math.min(bytes.length, prescanLength); i++) text += String.fromCharCode(bytes[i]!);
  if (text.startsWith('<\0?\0x\0')) return 'utf-16le';
  if (text.startsWith('\0<\0?\0x')) return 'utf-16be';

  let position = 0;
  while (position < text.length) {
    position = text.indexOf('<', position);
    if (position < 0) return null;
    if (text.startsWith('<!--', position)) {
      // The dashes of "<!--" may be those of "-->": "<!-->" is a whole comment.
      const end = text.indexOf('-->', position + 2);
      if (end < 0) return null;
      position = end + 3;
    } else if (/^<meta[\t\n\f\r /]/i.test(text.slice(position, position + 6))) {
      const [encoding, end] = prescanMeta(text, position + 6);
      if (encoding !== null) return encoding;
      position = end;
    } else if (/^<\/?[a-z]/i.test(text.slice(position, position + 3))) {
      while (position < text.length && !/[\t\n\f\r >]/.test(text[position]!)) position++;
      let attribute: PrescannedAttribute | null;
      do [attribute, position] = getAttribute(text, position);
      while (attribute !== null);
      position++;
    } else if (/^<[!/?]/.test(text.slice(position, position + 2))) {
      const end = text.indexOf('>', position);
      if (end < 0) return null;
      position = end + 1;
    } else {
      position++;
    }
  }
  return null;
}

interface PrescannedAttribute {
  name: string;
  value: string;
}

/** Step "meta" of the prescan: the encoding this element declares, and where to go on. */
function prescanMeta(text: string, start: number): [encoding: string | null, end: number] {
  const seen = new Set<string>();
  let gotPragma = false;
  let needPragma: boolean | null = null;
  let charset: string | null = null;
  let position = start;
  for (;;) {
    let attribute: PrescannedAttribute | null;
    [attribute, position] = getAttribute(text, position);
    if (attribute === null) break;
    if (seen.has(attribute.name)) continue;
    seen.add(attribute.name);
    if (attribute.name === 'http-equiv') {
      gotPragma ||= attribute.value === 'content-type';
    } else if (attribute.name === 'content' && charset === null) {
      const label = extractCharset(attribute.value);
      charset = label === null ? null : encodingFromLabel(label);
      if (charset !== null) needPragma = true;
    } else if (attribute.name === 'charset') {
      charset = encodingFromLabel(attribute.value);
      needPragma = false;
    }
  }
  if (needPragma === null || (needPragma && !gotPragma) || charset === null) return [null, position];
  if (charset === 'utf-16le' || charset === 'utf-16be') return ['utf-8', position];
  if (charset === 'x-user-defined') return ['windows-1252', position];
  return [charset, position];
}

/** https://html.spec.whatwg.org/multipage/parsing.html#concept-get-attributes-when-sniffing */
function getAttribute(text: string, start: number): [attribute: PrescannedAttribute | null, end: number] {
  let position = start;
  while (position < text.length && /[\t\n\f\r /]/.test(text[position]!)) position++;
  if (position >= text.length || text[position] === '>') return [null, position];
  const nameStart = position;
  // A leading "=" belongs to the name.
  do position++;
  while (position < text.length && !/[\t\n\f\r />=]/.test(text[position]!));
  const name = text.slice(nameStart, position).toLowerCase();
  while (position < text.length && /[\t\n\f\r ]/.test(text[position]!)) position++;
  if (text[position] !== '=') return [{ name, value: '' }, position];
  position++;
  while (position < text.length && /[\t\n\f\r ]/.test(text[position]!)) position++;
  const quote = text[position];
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, position + 1);
    // The value goes on past what we may look at: the prescan ends without an answer.
    if (end < 0) return [null, text.length];
    return [{ name, value: text.slice(position + 1, end).toLowerCase() }, end + 1];
  }
  const valueStart = position;
  while (position < text.length && !/[\t\n\f\r >]/.test(text[position]!)) position++;
  return [{ name, value: text.slice(valueStart, position).toLowerCase() }, position];
}

/** https://html.spec.whatwg.org/multipage/urls-and-fetching.html#extracting-character-encodings-from-meta-elements */
function extractCharset(content: string): string | null {
  const pattern = /charset[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"|'([^']*)'|([^\t\n\f\r ;"'][^\t\n\f\r ;]*))/i;
  const match = pattern.exec(content);
  return match === null ? null : (match[1] ?? match[2] ?? match[3] ?? null);
}
