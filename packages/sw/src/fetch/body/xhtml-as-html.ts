/**
 * @module
 * An XHTML document as text that an HTML parser reads the same: elements that close themselves get an end tag, CDATA sections
 * in scripts and styles lose their brackets, and the standards mode is kept. `document.contentType`, the case of names and
 * well-formedness errors are not what they would be; a document in XML has no place for our scripts' marker.
 */

const voidElements: ReadonlySet<string> = new Set(
  'area base br col embed frame hr img input link meta param source track wbr'.split(' '),
);
/** In these the HTML parser knows self-closing tags. */
const foreignRoots = /^(?:svg|math)$/i;

const token =
  /<!--[^]*?-->|<!\[CDATA\[([^]*?)\]\]>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[^\s=<>/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*)\s*(\/?)>/g;

export function xhtmlAsHtml(xhtml: string): string {
  let foreignDepth = 0;
  let rawElement = '';
  const html = xhtml.replace(
    token,
    (whole: string, cdata: string | undefined, end: string, name: string, attributes: string, slash: string) => {
      if (cdata !== undefined) return rawElement === '' ? escapeText(cdata) : cdata;
      if (name === undefined) return whole;
      if (rawElement !== '') {
        if (end === '/' && name === rawElement) rawElement = '';
        return whole;
      }
      const isForeign = foreignDepth > 0 || foreignRoots.test(name);
      if (isForeign && slash === '' && foreignRoots.test(name)) foreignDepth += end === '/' ? -1 : 1;
      if (slash === '/') {
        return isForeign || voidElements.has(name) ? whole : `<${name}${attributes}></${name}>`;
      }
      if (end === '' && /^(?:script|style)$/.test(name)) rawElement = name;
      return whole;
    },
  );
  return /^\s*(?:<\?[^]*?\?>\s*|<!--[^]*?-->\s*)*<!DOCTYPE/i.test(html) ? html : `<!DOCTYPE html>${html}`;
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
