/**
 * @module
 * Synchronous requests of the runtime that are meant for the proxy's own servers: for the parsers (`culvert.runtime.js`) and to
 * the Bare server. Chromium sends a document's synchronous requests past the service worker; Firefox brings them here, and
 * here they are let through.
 */
import { v3RequestUrl } from '@culvert/bare-client';
import type { Services } from '../../fetch/fetch-context.js';
import { handleFetch } from '../../fetch/handle-fetch.js';
import type { Route } from '../route.js';

/** A request for any other Bare server is the page's own, and goes its way as one. */
export function runtimeRequestRoute(services: Services): Route {
  const { config } = services;
  return {
    matches: ({ url, destination, headers }) =>
      config.seesSynchronousRequests &&
      destination === '' &&
      (url === config.runtimeScript || headers.has('x-bare-url')),
    handle: async (event) => {
      const { request } = event;
      const remoteUrl = request.headers.get('x-bare-url');
      const isOwn = remoteUrl === null || request.url === v3RequestUrl(await config.bareServerFor(remoteUrl));
      return isOwn ? fetch(request) : handleFetch(event, services);
    },
  };
}
