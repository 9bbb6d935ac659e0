/**
 * @module A quick look at markup: can it hold anything that has to be rewritten? Most of what pages give to `innerHTML`
 * cannot, and goes to the native setter untouched.
 */
import { regExpTest, stringIndexOf } from '../natives.js';
import type { UrlSettings } from '@culvert/rewriter';

const ruledElement = /<(?:i?frame|frame|object|embed|link|script|base|meta|track|use|math|\w+:)[\s/>]/;
const handler = /[\s"'/]on[a-z]+\s*=/;
/** Also what an entity or a line break may hide. */
const javaScriptUrl = /j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*(?::|&)|&(?:#|tab;|newline;|colon;)/;
const ruledAttribute = /\b(?:ping|attributionsrc)\b|culvert-/;
/** One expression: the markup is gone through once. */
const ruled = new RegExp(
  [ruledElement, handler, javaScriptUrl, ruledAttribute].map(({ source }) => source).join('|'),
  'i',
);
const svgReference = /<svg[\s>][\s\S]*url\(/i;

export function mayNeedPatch(markup: string, settings: UrlSettings): boolean {
  if (settings.urls === 'scoped' || (settings.scopedClasses?.length ?? 0) > 0) return true;
  if (stringIndexOf(markup, '<') < 0) return false;
  return regExpTest(ruled, markup) || (stringIndexOf(markup, '(') >= 0 && regExpTest(svgReference, markup));
}
