/**
 * @module The markup of a `srcdoc` document: rewritten, with the runtime first in it. It has no URL of its own; it takes
 * its creator's for everything but what it shows.
 */
import { rewriteHtml } from '@culvert/rewriter';
import { apply, nativeFunctionToString, nativeJsonStringify } from '../natives.js';
import { blobBootHtml } from '../realm/child-frame.js';
import type { Realm } from '../realm/realm.js';

export function rewriteSrcdoc(realm: Realm, html: string): string {
  return rewriteHtml(html, {
    documentUrl: realm.urls.baseUrl(),
    settings: realm.data.settings,
    sandboxedFrames: 'same-origin',
    bootHtml: srcdocBootHtml(realm),
  });
}

/** The same of a document behind a blob: URL, which no worker controls. */
export function rewriteBlobDocument(realm: Realm, html: string): string {
  return rewriteHtml(html, {
    documentUrl: realm.urls.baseUrl(),
    settings: realm.data.settings,
    sandboxedFrames: 'same-origin',
    bootHtml: blobBootHtml(realm),
  });
}

function srcdocBootHtml(realm: Realm): string {
  const creatorUrl = realm.urls.documentUrl().replace(/#.*$/s, '');
  const url = /^https?:/.test(creatorUrl) ? creatorUrl : realm.data.url;
  const data = nativeJsonStringify({ ...realm.data, url, referrer: url }).replaceAll('<', '\\u003c');
  const source = apply(nativeFunctionToString, realm.source, []);
  const nonce = realm.scriptNonce.replace(/[^\w+/=-]/g, '');
  return `<script nonce="${nonce}">(${source})(${data})</script>`;
}
