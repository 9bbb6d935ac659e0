/**
 * @module XML documents: the same edits as in HTML, and well formed after them.
 */
export { XmlSplicer, type XmlContext } from './xml-splicer.js';
export { longestDeclaration, xmlEncoding, xmlRewritingStream } from './rewriting-stream.js';
export { encodeXml, encodeXmlScript, unrewriteXmlScript, xmlScriptMarker } from './xml-text.js';
