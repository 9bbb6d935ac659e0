/**
 * @module
 * Who makes a request. Subresource requests name their client; navigations do not (their `clientId` is the document that is
 * to be replaced), so there the referrer, which our documents always send whole, has to tell.
 */
import { decodeRoute, type UrlSettings } from '@culvert/rewriter';
import { isSameOrigin } from '../site.js';
import { withoutFragment, type ClientRecord, type ClientRegistry } from './client-registry.js';

export interface Initiator {
  /** The real URL of the document or worker that asks; `null` for the user, or a page of ours. */
  readonly url: string | null;
  /** What stands for its origin: the same URL, or one without an origin where a sandbox makes that opaque. */
  readonly originUrl: string | null;
  readonly record: ClientRecord | null;
  /** The real URL that a `Referer` is made of (of a stylesheet's requests the stylesheet's); `null` for none. */
  readonly referrerSource: string | null;
}

const opaqueUrl = 'data:,';

export async function findInitiator(
  event: { request: Request; clientId: string },
  clients: ClientRegistry,
  settings: UrlSettings,
): Promise<Initiator> {
  const { referrer } = event.request;
  const realReferrer = decodeReferrer(referrer, settings);
  const isNavigation = event.request.mode === 'navigate';
  const client = isNavigation ? null : await clients.find(event.clientId);
  const record = client ?? (await findByUrl(realReferrer, clients));
  const url = record?.url ?? realReferrer;
  // A page's own policy (of an element, or a meta element) leaves our origin alone or nothing of the referrer. Only the
  // second is a wish to send none; for the first the policy is applied to the document's URL. So it is for "same-origin": to the
  // browser a real URL is never of the page's origin.
  const isWithheld = referrer === '' && event.request.referrerPolicy !== 'same-origin';
  const referrerSource = isWithheld ? null : (realReferrer ?? record?.url ?? null);
  return { url, originUrl: record?.isOpaque ? opaqueUrl : url, record, referrerSource };
}

function decodeReferrer(referrer: string, settings: UrlSettings): string | null {
  const route = decodeRoute(referrer, settings);
  if (route) return withoutFragment(route.remoteUrl);
  if (!URL.canParse(referrer)) return null;
  const { protocol, origin } = new URL(referrer);
  return (protocol === 'http:' || protocol === 'https:') && origin !== settings.origin ? referrer : null;
}

/** The window that shows this URL, or has since moved on from there by `pushState`. */
async function findByUrl(url: string | null, clients: ClientRegistry): Promise<ClientRecord | null> {
  if (url === null) return null;
  const windows = await clients.proxiedWindows();
  const records = windows.map(({ record }) => record);
  return (
    records.find((record) => record.url === url) ?? records.find((record) => isSameOrigin(record.url, url)) ?? null
  );
}
