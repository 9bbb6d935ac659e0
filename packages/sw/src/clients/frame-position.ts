/**
 * @module
 * Where a navigation lands: in a top-level document, or nested in a proxied one. For the site it is top-level if nothing
 * proxied is around it, although a page that embeds the proxy may well hold it in an iframe.
 */
import { siteOf } from '../site.js';
import type { ClientRegistry } from './client-registry.js';
import type { Initiator } from './initiator.js';

export interface FramePosition {
  isTopLevel: boolean;
  /** The site of the top-level document. */
  topLevelSite: string;
  /** The real URLs of the documents around it, the nearest first, as far as they are known. */
  ancestors: readonly string[];
  /** The client id of the document around it, if that is known. */
  embedder?: string;
  /** Is it in a frame whose sandbox makes the origin of its documents opaque? */
  isInSandbox?: true;
}

interface NavigationEvent {
  readonly request: Request;
  readonly clientId: string;
  readonly replacesClientId?: string;
}

/** Destinations of navigations in something that is inside of a document. */
const nestedDestinations: ReadonlySet<string> = new Set(['iframe', 'frame', 'embed', 'object', 'fencedframe']);

export async function framePosition(
  event: NavigationEvent,
  remoteUrl: string,
  initiator: Initiator,
  clients: ClientRegistry,
): Promise<FramePosition> {
  const topLevel: FramePosition = { isTopLevel: true, topLevelSite: siteOf(remoteUrl), ancestors: [] };
  if (!nestedDestinations.has(event.request.destination)) return topLevel;

  // The document that is to be replaced knows where it stands. Measured in Chromium 156: the `clientId` of a navigation is
  // that document's (the standard's name for it is replacesClientId), and empty in a frame that has had none.
  const replaced = await clients.find(event.replacesClientId || event.clientId);
  if (replaced && clients.isRemembered(replaced.id)) {
    if (replaced.isTopLevel) return topLevel;
    const { topLevelSite, ancestors = [], embedder, isInSandbox } = replaced;
    return {
      isTopLevel: false,
      topLevelSite,
      ancestors,
      ...(embedder !== undefined && { embedder }),
      ...(isInSandbox && { isInSandbox }),
    };
  }
  // The first load of a frame: what asks for it is around it.
  if (!replaced && initiator.record) {
    const { id, url, topLevelSite, ancestors = [], isOpaque } = initiator.record;
    const embedded = { isTopLevel: false, topLevelSite, ancestors: [url, ...ancestors], embedder: id };
    return isOpaque ? { ...embedded, isInSandbox: true } : embedded;
  }
  // The embedding page asks, or the bootstrap page in its frame, or a page that sends no referrer. The last is taken for the
  // user; that a site's frame counts as first-party is the smaller harm than a user who loses their login.
  if ((await clients.hostWindows()).length > 0) return topLevel;
  // Without an embedding page, whatever is nested is nested in a proxied document: where nothing tells in which (it sends no
  // referrer), in that of the window that was used last.
  const windows = await clients.proxiedWindows();
  const inUse = windows.find(({ record }) => record.isTopLevel)?.record.topLevelSite;
  return {
    isTopLevel: false,
    topLevelSite: replaced?.topLevelSite ?? inUse ?? siteOf(initiator.url ?? remoteUrl),
    ancestors: replaced?.ancestors ?? [],
  };
}
