/**
 * @module In the place of the rewriter's `text/data-url.ts` in the boot bundle: needed for scripts in data: URLs and escapes in
 * javascript: URLs.
 */
import type * as html from '@culvert/rewriter/html';
import { rewriters } from './rewriters-loader.js';

export const parseDataUrl: typeof html.parseDataUrl = (url) => rewriters().parseDataUrl(url);

export const serializeDataUrl: typeof html.serializeDataUrl = (mediaType, body) =>
  rewriters().serializeDataUrl(mediaType, body);

export const percentDecode: typeof html.percentDecode = (value) => rewriters().percentDecode(value);
