/**
 * @module MIME types as WHATWG MIME Sniffing parses them.
 */

export interface MimeType {
  /** `type/subtype`, lower case. */
  readonly essence: string;
  readonly type: string;
  readonly subtype: string;
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const quotedStringText = /^[\t\x20-\x7e\x80-\xff]*$/;
const httpWhitespace = /^[\t\n\r ]+|[\t\n\r ]+$/g;

/** https://mimesniff.spec.whatwg.org/#parse-a-mime-type; null where the standard says failure. */
export function parseMimeType(value: string): MimeType | null {
  const input = value.replace(httpWhitespace, '');
  const slash = input.indexOf('/');
  if (slash < 0) return null;
  const type = input.slice(0, slash);
  if (!token.test(type)) return null;
  const semicolon = input.indexOf(';', slash);
  const subtype = input.slice(slash + 1, semicolon < 0 ? undefined : semicolon).replace(/[\t\n\r ]+$/, '');
  if (!token.test(subtype)) return null;

  const parameters = new Map<string, string>();
  let position = semicolon < 0 ? input.length : semicolon;
  while (position < input.length) {
    position++; // past the ";"
    while (position < input.length && /[\t\n\r ]/.test(input[position]!)) position++;
    const nameStart = position;
    while (position < input.length && input[position] !== ';' && input[position] !== '=') position++;
    const name = input.slice(nameStart, position).toLowerCase();
    if (input[position] !== '=') continue;
    position++; // past the "="
    let parameter: string;
    if (input[position] === '"') {
      [parameter, position] = collectQuotedString(input, position);
      while (position < input.length && input[position] !== ';') position++;
    } else {
      const valueStart = position;
      while (position < input.length && input[position] !== ';') position++;
      parameter = input.slice(valueStart, position).replace(/[\t\n\r ]+$/, '');
      if (parameter === '') continue;
    }
    if (token.test(name) && quotedStringText.test(parameter) && !parameters.has(name)) parameters.set(name, parameter);
  }
  const lowerType = type.toLowerCase();
  const lowerSubtype = subtype.toLowerCase();
  return { essence: `${lowerType}/${lowerSubtype}`, type: lowerType, subtype: lowerSubtype, parameters };
}

/** https://fetch.spec.whatwg.org/#collect-an-http-quoted-string, with the extract-value flag. */
function collectQuotedString(input: string, start: number): [value: string, end: number] {
  let value = '';
  let position = start + 1;
  while (position < input.length) {
    const character = input[position++]!;
    if (character === '"') break;
    if (character === '\\') value += position < input.length ? input[position++]! : '\\';
    else value += character;
  }
  return [value, position];
}

/** https://mimesniff.spec.whatwg.org/#javascript-mime-type */
const javaScriptEssences: ReadonlySet<string> = new Set([
  'application/ecmascript',
  'application/javascript',
  'application/x-ecmascript',
  'application/x-javascript',
  'text/ecmascript',
  'text/javascript',
  'text/javascript1.0',
  'text/javascript1.1',
  'text/javascript1.2',
  'text/javascript1.3',
  'text/javascript1.4',
  'text/javascript1.5',
  'text/jscript',
  'text/livescript',
  'text/x-ecmascript',
  'text/x-javascript',
]);

/** For a Content-Type: parameters are allowed and ignored. */
export function isJavaScriptMimeType(value: string): boolean {
  const mimeType = parseMimeType(value);
  return mimeType !== null && javaScriptEssences.has(mimeType.essence);
}

/** For a script element's `type`: the whole string has to be the essence, `text/javascript;charset=utf-8` is data. */
export function isJavaScriptMimeTypeEssence(value: string): boolean {
  return javaScriptEssences.has(value.toLowerCase());
}

export function isHtmlMimeType(value: string): boolean {
  return parseMimeType(value)?.essence === 'text/html';
}

/** https://mimesniff.spec.whatwg.org/#xml-mime-type, and text/xsl, which browsers show as XML too */
export function isXmlMimeType(value: string): boolean {
  const essence = parseMimeType(value)?.essence ?? '';
  return essence.endsWith('+xml') || ['text/xml', 'application/xml', 'text/xsl'].includes(essence);
}
