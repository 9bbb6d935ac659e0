/**
 * @module HTML: the splice that documents stream through, and the table of attributes that it shares with the DOM hooks.
 */
export { htmlRewritingStream } from './rewriting-stream.js';
export { rewriteHtml } from './rewrite-html.js';
export { HtmlSplicer, type SplicerContext } from './html-splicer.js';
export type { DocumentKind, HtmlContext } from './html-context.js';
export {
  attributeRules,
  dependentAttributes,
  eventHandlerRule,
  findAttributeRule,
  isEventHandlerName,
  rewriteAttribute,
  rulesForElement,
  type AttributeContext,
  type AttributeRewrite,
  type AttributeRule,
} from './attribute-rules.js';
/** Of the scripts in data: URLs, which attributes hold. */
export { parseDataUrl, percentDecode, serializeDataUrl } from '../text/data-url.js';
export { companionName, companionPrefix } from './companion.js';
export { rewriteImportMap } from './import-map.js';
export { foreignHashPrefix } from './integrity.js';
export { isJavaScriptUrl, rewriteJavaScriptUrl } from './javascript-url.js';
export { linkLoad, type LinkLoad } from './link-relations.js';
export { htmlNamespace, mathMlNamespace, svgNamespace } from './namespaces.js';
export { scriptElementKind, type ScriptElementKind } from './script-type.js';
export { rewriteSrcset } from './srcset.js';
