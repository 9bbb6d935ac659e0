/**
 * @module A quick look at markup: can it hold anything that has to be rewritten? Most of what pages give to `innerHTML`
 * cannot, and goes to the native setter untouched.
 */
import type { UrlSettings } from '@culvert/rewriter';

const ruledElement = /<(?:i?frame|frame|object|embed|link|script|base|meta|track|use|math|\w+:)[\s/>]/i;
const handler = /[\s"'/]on[a-z]+\s*=/i;
/** Also what an entity or a line break may hide. */
const javaScriptUrl = /j\s*a\s*v\s*a\s*s\s*c\s*r\s*i\s*p\s*t\s*(?::|&)|&(?:#|tab;|newline;|colon;)/i;
const ruledAttribute = /\b(?:ping|attributionsrc)\b|culvert-/i;
const svgReference = /<svg[\s>][\s\S]*url\(/i;

export function mayNeedPatch(markup: string, settings: UrlSettings): boolean {
  if (settings.urls === 'scoped' || (settings.scopedClasses?.length ?? 0) > 0) return true;
  if (!markup.includes('<')) return false;
  return (
    ruledElement.test(markup) ||
    handler.test(markup) ||
    javaScriptUrl.test(markup) ||
    ruledAttribute.test(markup) ||
    svgReference.test(markup)
  );
}
