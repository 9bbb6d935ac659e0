/**
 * @module Entry of the third bundle: sites' service workers, as pages see them and as they themselves run.
 */
import { installContainer } from '../service-workers/page/container.js';
import { installScope } from '../service-workers/scope/install-scope.js';

export const serviceWorkers = { installContainer, installScope };

export type ServiceWorkers = typeof serviceWorkers;
