/**
 * @module Whole HTML texts: what a page hands to its sinks, and documents that are there at once.
 */
import { HtmlSplicer, type SplicerContext } from './html-splicer.js';

/**
 * @param context without `bootHtml`, or with `fragment`, nothing is injected
 * @example rewriteHtml('<a onclick="location.reload()">', { documentUrl, settings, fragment: true })
 */
export function rewriteHtml(html: string, context: SplicerContext): string {
  const splicer = new HtmlSplicer(context);
  return splicer.write(html) + splicer.end();
}
