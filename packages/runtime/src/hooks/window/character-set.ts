/**
 * @module `document.characterSet`, `charset` and `inputEncoding`: the document's own encoding, though the worker has made
 * UTF-8 of it. https://dom.spec.whatwg.org/#dom-document-characterset
 */
import { interceptAccessor } from '../../interception/index.js';
import { nativeGetter } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';

/** Names that are not all upper or all lower case; TextDecoder gives them in lower case. */
const mixedCase: Readonly<Record<string, string>> = { big5: 'Big5', shift_jis: 'Shift_JIS' };
const lowerCase = /^(?:windows-|x-|macintosh|gb18030)/;
const inPragma = /charset\s*=\s*["']?([^\s;"']+)/i;

export function interceptCharacterSet(realm: Realm): void {
  const { global, natives } = realm;
  const { TextDecoder } = global as typeof globalThis;
  const prototype = global.Document.prototype as object;
  const encodingOf = nativeGetter<string>(TextDecoder.prototype, 'encoding');
  const contentType = nativeGetter<string>(prototype, 'contentType');

  /** https://encoding.spec.whatwg.org/#names-and-labels; null for what is no label. */
  const nameOf = (label: string): string | null => {
    try {
      const name = encodingOf(new TextDecoder(label));
      return mixedCase[name] ?? (lowerCase.test(name) ? name : name.toUpperCase());
    } catch {
      // The constructor's way to say that it knows no such label.
      return null;
    }
  };
  const declared = (document: object): string | null => {
    for (const meta of natives.querySelectorAll(document, 'meta[charset],meta[http-equiv="content-type" i]')) {
      const label =
        natives.getAttribute(meta, 'charset') ?? inPragma.exec(natives.getAttribute(meta, 'content') ?? '')?.[1];
      const name = label === undefined ? null : nameOf(label);
      // A document that could be read so far as its declaration is in no UTF-16, whatever it says.
      // https://html.spec.whatwg.org/multipage/parsing.html#prescan-a-byte-stream-to-determine-its-encoding, last steps
      if (name === 'x-user-defined') return 'windows-1252';
      if (name !== null) return name.startsWith('UTF-16') ? 'UTF-8' : name;
    }
    return null;
  };

  for (const property of ['characterSet', 'charset', 'inputEncoding']) {
    interceptAccessor(realm, prototype, property, {
      get: (native) =>
        function () {
          const name = native(this) as string;
          const { charset } = realm.data;
          if (this !== realm.document() || charset === undefined || contentType(this) !== 'text/html') return name;
          return (charset === '' ? null : nameOf(charset)) ?? declared(this as object) ?? 'windows-1252';
        },
    });
  }
}
