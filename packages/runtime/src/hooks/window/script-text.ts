/**
 * @module The text of script elements (`text`, `textContent`, `innerText`): read as written, rewritten where setting it
 * runs it.
 */
import { authoredAttributes } from '../../dom/authored-attributes.js';
import { domNatives } from '../../dom/dom-natives.js';
import { asWritten, mayHoldRewrites } from '../../dom/rewritten-text.js';
import { rewriteScriptText } from '../../dom/script-preparation.js';
import { cleanCopy } from '../../dom/tree.js';
import { withTrustOf } from '../../dom/trusted-types.js';
import { interceptAccessor } from '../../interception/index.js';
import type { Realm } from '../../realm/realm.js';

export function interceptScriptText(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const dom = domNatives(realm);

  const isScript = (node: unknown): node is Element => dom.nodeType(node) === 1 && dom.localName(node) === 'script';
  const holders: readonly (readonly [object, string])[] = [
    [global.HTMLScriptElement.prototype, 'text'],
    // Chromium and Trusted Types give scripts accessors of their own; elsewhere those of Node and HTMLElement serve.
    [global.HTMLScriptElement.prototype, 'textContent'],
    [global.HTMLScriptElement.prototype, 'innerText'],
    [global.Node.prototype, 'textContent'],
    [global.HTMLElement.prototype, 'innerText'],
    [global.HTMLElement.prototype, 'outerText'],
  ];
  for (const [holder, name] of holders) {
    interceptAccessor(realm, holder, name, {
      get: (native) =>
        function (this: Node) {
          const text = native(this) as string | null;
          if (text === null || !mayHoldRewrites(text)) return text;
          if (isScript(this)) return asWritten(text);
          // Only the scripts' parts are ours, so each is undone where it begins and ends.
          return name === 'textContent' ? dom.textContent(cleanCopy(realm, this)) : text;
        },
      set: (native) =>
        function (this: Node, value: unknown) {
          if (value === null || value === undefined || !isScript(this) || !dom.isConnected(this)) {
            return native(this, value);
          }
          const text = `${value as string}`;
          const rewritten = rewriteScriptText(realm, this, text);
          native(this, rewritten === text ? value : withTrustOf(realm, value, rewritten));
        },
    });
  }
  interceptAccessor(realm, global.CharacterData.prototype, 'data', {
    get: (native) =>
      function (this: CharacterData) {
        const text = native(this) as string;
        return mayHoldRewrites(text) && isScript(dom.parentNode(this) ?? this) ? asWritten(text) : text;
      },
  });
  // Made here, so that no element has to wait for it.
  authoredAttributes(realm);
}
