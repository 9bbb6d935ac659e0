/** @module In the place of the rewriter's `xml/xml-splicer.ts` in the built worker. */
import { lateClass } from './load-rewriters.js';

export const XmlSplicer = lateClass('XmlSplicer');
