/** @module An app, an OpenID provider (oidc-provider) and an API, each of its own site, with oidc-client-ts in the app. */
import { startSiteProcess, type SiteProcess } from '../support/site.js';

export interface SignInSite extends SiteProcess {
  /** The app under a name of the same site as the provider. */
  readonly sameSite: string;
}

/** The provider is at `id.locks.localhost`, the API at `api.locks.localhost`, the app at `app.localhost`: at one port. */
export async function startSignIn(): Promise<SignInSite> {
  const site = await startSiteProcess('app.localhost', 'sign-in.mjs');
  return { ...site, sameSite: `http://app.locks.localhost:${site.port}` };
}
