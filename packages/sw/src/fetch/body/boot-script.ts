/**
 * @module
 * The runtime with its boot data, as text that starts it: in a document, or before a worker's own script.
 */
import { encodeXml, encodeXmlScript } from '@culvert/rewriter';
import type { BootData } from '@culvert/runtime';
import type { Config } from '../../config.js';

/**
 * An expression statement that boots the realm it is evaluated in.
 *
 * @param rewriters an expression for the parsers, where the realm is not to load them itself
 */
export function bootStatement(config: Config, data: BootData, rewriters = ''): string {
  const serviceWorkers = data.serviceWorkers ? `,${rewriters || 'null'},(${config.serviceWorkersSource})` : '';
  return `(${config.runtimeSource})(${serializeBootData(data)}${serviceWorkers || (rewriters && `,${rewriters}`)});`;
}

/**
 * What stands first in a document's head. The real URL in `<base>` makes the browser resolve the page's URLs as the site meant
 * them; the runtime moves the element to where a page does not find it.
 *
 * @param before a script that the natives of the realm are there for, when the runtime has not run yet
 */
export function bootHtml(config: Config, data: BootData, nonce = '', before = ''): string {
  const attribute = nonce === '' ? '' : ` nonce="${nonce}"`;
  return `<base href="${escapeAttribute(data.url)}"><script${attribute}>${before}${before && ';'}${bootStatement(config, data)}</script>`;
}

/** The same for an XML document. Elements of HTML act in a tree of any other namespace too. */
export function bootXml(config: Config, data: BootData, nonce = ''): string {
  const attribute = nonce === '' ? '' : ` nonce="${nonce}"`;
  const script = encodeXmlScript(bootStatement(config, data));
  return `<base xmlns="${htmlNamespace}" href="${encodeXml(data.url)}"/><script xmlns="${htmlNamespace}"${attribute}>${script}</script>`;
}

const htmlNamespace = 'http://www.w3.org/1999/xhtml';

/** JSON that may stand in a script element and in a script of any encoding: no end tag, no comment, ASCII. */
export function serializeBootData(data: BootData): string {
  return JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

export function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
