/**
 * @module `javascript:` URLs that scripts hand to the browser.
 */
import { rewriteJavaScriptUrl } from '@culvert/rewriter';

export function rewriteJavascriptUrl(url: string): string {
  return rewriteJavaScriptUrl(url)?.value ?? url;
}
