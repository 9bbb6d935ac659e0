/**
 * @module A quick look at markup: can it hold anything that has to be rewritten? Most of what pages give to `innerHTML`
 * cannot, and goes to the native setter untouched.
 */
import { regExpTest, stringIndexOf } from '../natives.js';
import type { UrlSettings } from '@culvert/rewriter';

const ruledElement = '<(?:i?frame|object|embed|link|script|base|meta|track|use|math)[\\s/>]';
const handler = '[\\s"\'/]on[a-z]+\\s*=';
const ruledAttribute = '\\b(?:ping|attributionsrc)\\b|culvert-';
/** A name with a prefix, and a javascript: URL; also what an entity or a line break may hide of one. */
const withColon = '<\\w+:|j\\s*a\\s*v\\s*a\\s*s\\s*c\\s*r\\s*i\\s*p\\s*t\\s*(?::|&)|&(?:#|tab;|newline;|colon;)';

// The markup is gone through once, and most has no such character: to look for one costs next to nothing.
const plain = new RegExp(`${ruledElement}|${handler}|${ruledAttribute}`, 'i');
const full = new RegExp(`${plain.source}|${withColon}`, 'i');
const svgReference = /<svg[\s>][\s\S]*url\(/i;

export function mayNeedPatch(markup: string, settings: UrlSettings): boolean {
  if (settings.urls === 'scoped' || (settings.scopedClasses?.length ?? 0) > 0) return true;
  if (stringIndexOf(markup, '<') < 0) return false;
  const mayHoldUrl = stringIndexOf(markup, ':') >= 0 || stringIndexOf(markup, '&') >= 0;
  if (regExpTest(mayHoldUrl ? full : plain, markup)) return true;
  return stringIndexOf(markup, '(') >= 0 && regExpTest(svgReference, markup);
}
