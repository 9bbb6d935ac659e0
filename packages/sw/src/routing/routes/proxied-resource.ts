/**
 * @module
 * Everything else: a document, worker or resource of a site, by its route or its real URL. A request that is neither is not
 * let through to the network either; it may not leave from the user's own address.
 */
import type { Services } from '../../fetch/fetch-context.js';
import { handleFetch } from '../../fetch/handle-fetch.js';
import type { Route } from '../route.js';

export function proxiedResourceRoute(services: Services): Route {
  return {
    matches: ({ url }) => /^https?:/.test(url),
    handle: (event) => handleFetch(event, services),
  };
}
