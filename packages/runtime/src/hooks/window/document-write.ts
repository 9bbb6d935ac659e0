/**
 * @module `document.write`, `writeln`, `open` and `close`. Writes feed the engine's parser while it runs, so what they
 * hold is rewritten as text; a tag or script that is split over several writes waits until it is whole.
 */
import { rewriteHtml } from '@culvert/rewriter';
import { domNatives } from '../../dom/dom-natives.js';
import { completeMarkupLength } from '../../dom/markup-buffer.js';
import { mayNeedPatch } from '../../dom/markup-filter.js';
import { withTrustOf } from '../../dom/trusted-types.js';
import { interceptMethod } from '../../interception/index.js';
import { apply } from '../../natives.js';
import { placeBaseElement } from '../../realm/base-element.js';
import type { Realm } from '../../realm/realm.js';

interface WriteState {
  /** Markup that is not whole yet. */
  pending: string;
  /** Opened by script: more may be written in a later task, until `close`. */
  isOpened: boolean;
  /** The opened document has no `<base>` of ours yet, and its URL is the proxy's. */
  needsBase: boolean;
}

export function interceptDocumentWrite(realm: Realm): void {
  const global = realm.global as Window & typeof globalThis;
  const dom = domNatives(realm);
  const prototype = global.Document.prototype;
  const state: WriteState = { pending: '', isOpened: false, needsBase: false };

  for (const name of ['write', 'writeln'] as const) {
    interceptMethod(
      realm,
      prototype,
      name,
      (native) =>
        function (this: Document, ...args: unknown[]) {
          if (this !== realm.document()) return apply(native, this, args) as unknown;
          let text = '';
          for (const arg of args) text += `${arg as string}`;
          if (name === 'writeln') text += '\n';
          openImplicitly(this);
          write(this, text, args.length === 1 ? args[0] : undefined);
          return undefined;
        },
    );
  }

  /** An empty write opens the document where a write would, and does nothing where it would not. */
  function openImplicitly(document: Document): void {
    const root = dom.documentElement(document);
    dom.write(document, '');
    if (root && dom.documentElement(document) !== root) documentOpened();
  }

  function documentOpened(): void {
    state.pending = '';
    state.isOpened = true;
    state.needsBase = true;
    realm.afterDocumentOpen();
  }

  function write(document: Document, text: string, given: unknown): void {
    const markup = state.pending + text;
    const length = state.needsBase && !hasContent(markup) ? 0 : completeMarkupLength(markup);
    state.pending = markup.slice(length);
    if (length > 0) emit(document, markup.slice(0, length), given);
    if (state.pending !== '' && !state.isOpened) realm.natives.queueMicrotask(() => flush(document));
  }

  function emit(document: Document, markup: string, given: unknown): void {
    const context = {
      documentUrl: realm.urls.baseUrl(),
      settings: realm.data.settings,
      sandboxedFrames: 'same-origin',
    } as const;
    let rewritten: string;
    const placesBase = state.needsBase;
    if (placesBase) {
      state.needsBase = false;
      const documentUrl = realm.urls.documentUrl().replace(/#.*$/s, '');
      const base = `<base href="${documentUrl.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">`;
      rewritten = rewriteHtml(markup, { ...context, documentUrl, bootHtml: base });
    } else {
      const isPlain = !mayNeedPatch(markup, realm.data.settings);
      rewritten = isPlain ? markup : rewriteHtml(markup, { ...context, fragment: true });
    }
    // Scripts in it run now and may write: what they write comes before what is still pending here.
    const rest = state.pending;
    state.pending = '';
    dom.write(document, withTrustOf(realm, given, rewritten));
    state.pending += rest;
    if (placesBase) placeBaseElement(realm);
  }

  /** The parser goes on after the script, and what is pending has to reach it before. */
  function flush(document: Document): void {
    if (state.pending === '') return;
    const { pending } = state;
    state.pending = '';
    // A document whose parser has ended would be wiped by this.
    if (state.isOpened || dom.readyState(document) === 'loading') dom.write(document, pending);
  }

  interceptMethod(
    realm,
    prototype,
    'open',
    (native) =>
      function (this: Document, ...args: unknown[]) {
        // With three arguments it is window.open.
        if (args.length > 2) return (global.open as (...open: unknown[]) => unknown)(...args);
        const root = dom.documentElement(this);
        const result = apply(native, this, args) as unknown;
        // A document that is being parsed ignores the call, and so do those without a browsing context.
        if (this === realm.document() && dom.documentElement(this) !== root) documentOpened();
        else if (this === realm.document() && root === null && dom.readyState(this) === 'loading')
          state.isOpened = true;
        return result;
      },
  );
  interceptMethod(
    realm,
    prototype,
    'close',
    (native) =>
      function (this: Document, ...args: unknown[]) {
        if (this === realm.document() && state.isOpened) {
          if (state.needsBase && state.pending !== '') emit(this, takePending(), undefined);
          flush(this);
          state.isOpened = false;
        }
        return apply(native, this, args) as unknown;
      },
  );

  function takePending(): string {
    const { pending } = state;
    state.pending = '';
    return pending;
  }
}

/** Whether there is more than what may stand before a doctype. */
function hasContent(markup: string): boolean {
  return /\S/.test(markup.replace(/<!--[\s\S]*?-->/g, '').replace(/<!--[\s\S]*$/, ''));
}
