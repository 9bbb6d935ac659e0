/**
 * @module
 * Requests by http: that are to go by https: (Strict-Transport-Security, `upgrade-insecure-requests`, images of a secure page),
 * or not at all. The browser learns of it by a redirect, as in its own network process.
 */
import { encodeRoute, toBrowser } from '@culvert/rewriter';
import { ServiceWorkerError } from '../../errors.js';
import { judgeMixedContent } from '../../security/mixed-content.js';
import { clientKey, type ResolvedRequest } from '../fetch-context.js';

/** @returns `null` if the request goes as it is. @throws ServiceWorkerError SW_MIXED_CONTENT */
export async function upgradeRequest(context: ResolvedRequest): Promise<Response | null> {
  const { services, remoteUrl, initiator, request, isTopLevel, event, redirectChain } = context;
  if (!remoteUrl.startsWith('http:')) return null;
  await services.strictTransport.ready;
  const { record } = initiator;
  const { destination } = request;
  const target =
    services.strictTransport.upgrade(remoteUrl) ?? judgeMixedContent({ remoteUrl, record, destination, isTopLevel });
  if (target === null) return null;
  if (target === 'blocked') {
    const message = `Failed to load ${remoteUrl}: ${record!.url} is secure, and this is not.`;
    throw new ServiceWorkerError('SW_MIXED_CONTENT', message);
  }
  // What it would have been asked for does not count as a hop: the request has not left.
  services.redirects.note(clientKey(event), target, redirectChain);
  return Response.redirect(locationOf(target, context), 307);
}

function locationOf(target: string, { asset, load, services }: ResolvedRequest): string {
  const { settings } = services.config;
  if (load === 'document') return toBrowser(target, 'document', settings);
  return asset === null ? target : encodeRoute(target, asset, settings);
}
