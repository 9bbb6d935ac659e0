/**
 * @module What rewriting a header value needs to know.
 */
import type { UrlSettings } from '../url/index.js';

export interface HeaderContext {
  /** The real URL of the response that carries the header. */
  baseUrl: string;
  settings: UrlSettings;
}
