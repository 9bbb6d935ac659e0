/**
 * @module What a body is: its MIME type and its encoding.
 */
export {
  isHtmlMimeType,
  isJavaScriptMimeType,
  isJavaScriptMimeTypeEssence,
  isXmlMimeType,
  parseMimeType,
  type MimeType,
} from './mime-type.js';
export { encodingFromLabel } from './encoding-label.js';
export { prescanLength, sniffByteOrderMark, sniffEncoding } from './sniff-encoding.js';
export { sha2, type Sha2Bits } from './sha2.js';
