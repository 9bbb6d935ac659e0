/** @module In the place of the rewriter's `xml/xml-splicer.ts` in the built worker. */
import type * as xml from '@culvert/rewriter/xml';
import { rewriters } from './load-rewriters.js';

/** To be called with `new`, which gives what a function returns. */
export const XmlSplicer = function (...parameters: ConstructorParameters<typeof xml.XmlSplicer>) {
  return new (rewriters().XmlSplicer)(...parameters);
} as unknown as typeof xml.XmlSplicer;
