/** @module verdaccio: a React interface over a JSON API, with a login that it keeps in localStorage. */
import { startSiteProcess, type Site } from '../support/site.js';

/** The user and the packages (`heron`, `kingfisher`) that `processes/verdaccio.mjs` puts there. */
export const verdaccioUser = { name: 'reader', password: 'canal-and-lock' };

export function startVerdaccio(): Promise<Site> {
  return startSiteProcess('verdaccio.test', 'verdaccio.mjs');
}
