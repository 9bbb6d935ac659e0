/**
 * @module
 * The runtime with its boot data, as text that starts it: in a document, or before a worker's own script.
 */
import type { BootData } from '@culvert/runtime';
import type { Config } from '../../config.js';

/** An expression statement that boots the realm it is evaluated in. */
export function bootStatement(config: Config, data: BootData): string {
  return `(${config.runtimeSource})(${serializeBootData(data)});`;
}

/**
 * What stands first in a document's head. The real URL in `<base>` makes the browser resolve the page's URLs as the site meant
 * them; the runtime moves the element to where a page does not find it.
 */
export function bootHtml(config: Config, data: BootData): string {
  return `<base href="${escapeAttribute(data.url)}"><script>${bootStatement(config, data)}</script>`;
}

/** JSON that may stand in a script element and in a script: no end tag, no comment, no line terminator. */
export function serializeBootData(data: BootData): string {
  return JSON.stringify(data)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

export function escapeAttribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
