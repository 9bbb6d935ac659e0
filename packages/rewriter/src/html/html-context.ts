/**
 * @module What the rewriting of a document needs to know.
 */
import type { UrlSettings } from '../url/index.js';
import type { AttributeRule } from './attribute-rules.js';

/** A document with a URL of its own, or the one in a frame's `srcdoc`. */
export type DocumentKind = 'document' | 'srcdoc';

export interface HtmlContext {
  /** The document's real URL. */
  documentUrl: string;
  settings: UrlSettings;
  /** The document's encoding: queries of its URLs are in it. Default UTF-8; the stream says what it has found. */
  encoding?: string;
  /**
   * Inserted verbatim at the injection point: `<base>` and the boot script. A function is asked once a document: a
   * `srcdoc` document has other boot data (its URL is `about:srcdoc`, and it inherits its base URL), and every srcdoc
   * carries its boot inside an attribute, so a short one that calls the parent's runtime is better there.
   */
  bootHtml: string | ((kind: DocumentKind) => string);
  /** For the inline scripts that the site's policy admits by hash, whose bytes change. */
  scriptNonce?: string;
  /** Does the policy admit this text, as the author wrote it, by its hash? Without it no script gets the nonce. */
  isAdmittedByHash?: (scriptText: string) => boolean;
  /** See `AttributeContext`. */
  noteIntegrity?: (url: string, metadata: string) => void;
  /** See `AttributeContext`; asked for each policy of the document, in order. */
  translatePolicy?: (policy: string) => string;
  /** See `AttributeContext`. */
  allowsBase?: (url: string) => boolean;
  /** See `AttributeContext`; default `native`. */
  sandboxedFrames?: 'native' | 'same-origin';
  /**
   * Another table in place of `rulesForElement`, for those who splice something else into documents: the rules of one
   * element by attribute name. With it there are no implied rules either: event handlers stay as they are.
   */
  attributeRules?: (localName: string, namespace: string) => ReadonlyMap<string, AttributeRule>;
  /** In place of the script rewriter, for the text of inline scripts. */
  rewriteScript?: (source: string, kind: 'script' | 'module') => string;
}
