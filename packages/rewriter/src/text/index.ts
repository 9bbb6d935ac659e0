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
export { encodingFromLabel, supportedEncoding } from './encoding-label.js';
export { characterReference, encoderFor, outputEncoding, type Substitute, type TextToBytes } from './encode-text.js';
export { prescanLength, sniffByteOrderMark, sniffEncoding } from './sniff-encoding.js';
export { sha2, type Sha2Bits } from './sha2.js';
