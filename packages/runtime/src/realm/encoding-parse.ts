/**
 * @module A document that is not in UTF-8 has the queries of its URLs in its own encoding, which the engine alone can write.
 * https://html.spec.whatwg.org/multipage/urls-and-fetching.html#encoding-parsing-a-url
 */
import { regExpTest } from '../natives.js';
import type { Realm } from './realm.js';

const queryBeyondAscii = /\?[^#]*[^\0-\x7f]/;

/** @returns a URL as written, or what the engine makes of it where the document's encoding shows */
export function inEncodingOf(realm: Realm, url: string): string {
  if (realm.kind !== 'window' || !regExpTest(queryBeyondAscii, url)) return url;
  const { natives } = realm;
  const document = realm.document();
  if (natives.characterSet(document) === 'UTF-8') return url;
  const link: unknown = natives.createElement(document, 'a');
  natives.setAttribute(link, 'href', url);
  return natives.linkHref(link);
}
