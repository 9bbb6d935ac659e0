/**
 * @module
 * Links marked `data-culvert` open through the proxy. Their `href` becomes the proxied URL, so that a middle click, "open in
 * a new tab" and `target` do what they always do; a click before the worker is ready waits for it.
 */

interface LinkContext {
  ready: Promise<void>;
  encodeUrl(remoteUrl: string): string;
}

const marked = 'a[data-culvert][href], area[data-culvert][href]';

type Link = HTMLAnchorElement | HTMLAreaElement;

/** Follows the document from now on: links may come at any time. */
export function proxyMarkedLinks(document: Document, { ready, encodeUrl }: LinkContext): void {
  const done = new WeakMap<Link, string>();
  let isReady = false;

  const direct = (link: Link): void => {
    if (done.get(link) === link.href || !/^https?:/.test(link.protocol)) return;
    link.href = encodeUrl(link.href);
    done.set(link, link.href);
  };
  const directAll = (): void => document.querySelectorAll<Link>(marked).forEach(direct);

  document.addEventListener(
    'click',
    (event) => {
      const link = (event.target as Element | null)?.closest?.<Link>(marked);
      if (!link || isReady) return;
      event.preventDefault();
      const again = new MouseEvent('click', event);
      // A worker that cannot start is reported by the tag itself; the click then stays without effect.
      ready.then(
        () => link.dispatchEvent(again),
        () => undefined,
      );
    },
    { capture: true },
  );
  ready.then(
    () => {
      isReady = true;
      directAll();
      new MutationObserver(directAll).observe(document, {
        subtree: true,
        childList: true,
        attributes: true,
        attributeFilter: ['href', 'data-culvert'],
      });
    },
    () => undefined,
  );
}
