/**
 * @module Text of XML documents: references out and in, and the marker of rewritten scripts in a form that XML allows.
 */
import { unrewriteScript } from '../js/index.js';

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Text content or an attribute value, with the entities that the document declares. Unknown references stay. */
export function decodeXml(text: string, entities: ReadonlyMap<string, string>): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|([^;&<\s]+));/gi, (reference, decimal, hexadecimal, name: string) => {
    if (name !== undefined) return predefined[name] ?? entities.get(name) ?? reference;
    const codePoint = decimal === undefined ? parseInt(hexadecimal as string, 16) : parseInt(decimal as string, 10);
    return codePoint > 0x10ffff ? reference : String.fromCodePoint(codePoint);
  });
}

/** The direct text of an element's content: CDATA sections are text, comments and processing instructions are not. */
export function textOfContent(content: string, entities: ReadonlyMap<string, string>): string {
  let text = '';
  const pieces = /<!\[CDATA\[([^]*?)\]\]>|<!--[^]*?-->|<\?[^]*?\?>|([^<]+)|</g;
  for (const [, section, characters] of content.matchAll(pieces)) {
    if (section !== undefined) text += section;
    else if (characters !== undefined) text += decodeXml(characters, entities);
  }
  return text.replace(/\r\n?/g, '\n');
}

/** What no XML document can hold, not even as a reference. Lone surrogates are among it. */
const notAllowed =
  /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const scriptMarker = '\v';

/** A space to JavaScript like the marker that it stands for, and a character to XML. */
export const xmlScriptMarker = '\u1680';

/** For text content and, with quotes, for attribute values. */
export function encodeXml(text: string): string {
  return text
    .replaceAll(scriptMarker, xmlScriptMarker)
    .replace(notAllowed, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (character) => {
      switch (character) {
        case '&':
          return '&amp;';
        case '<':
          return '&lt;';
        case '>':
          return '&gt;'; // for the one in "]]>"
        case '"':
          return '&quot;';
        default:
          return `&#${character.charCodeAt(0)};`;
      }
    });
}

/** The CDATA section that a script is often wrapped in, between comment signs: `//<![CDATA[ ... //]]>`. */
const oneSection = /^([^<&\r]*)<!\[CDATA\[((?:(?!\]\]>)[^\r])*)\]\]>([^<&\r]*)$/;

/**
 * The content of an element whose text is to be `text`. Where `written` is one CDATA section, so is this.
 *
 * @param written the content as it was
 */
export function encodeContent(text: string, written: string): string {
  const [, before = '', section, after = ''] = oneSection.exec(written) ?? [];
  const inside = text.slice(before.length, text.length - after.length).replaceAll(scriptMarker, xmlScriptMarker);
  const canStay = text.startsWith(before) && text.endsWith(after) && !inside.includes(']]>');
  if (section === undefined || !canStay || inside.search(notAllowed) >= 0)
    return encodeXml(text).replaceAll('&#10;', '\n');
  return `${before}<![CDATA[${inside}]]>${after}`;
}

/**
 * A script of ours as the content of a script element of an XML document. Characters that XML does not allow stand in
 * strings and regular expressions of a built script, where an escape means the same.
 */
export function encodeXmlScript(source: string): string {
  const escaped = source.replace(notAllowed, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `<![CDATA[${escaped.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;
}

/** The inverse of `rewriteScript` for the text of scripts, handlers and functions of an XML document. */
export function unrewriteXmlScript(text: string): string {
  if (!text.includes(xmlScriptMarker)) return text;
  return unrewriteScript(text.replaceAll(xmlScriptMarker, scriptMarker)).replaceAll(scriptMarker, xmlScriptMarker);
}
