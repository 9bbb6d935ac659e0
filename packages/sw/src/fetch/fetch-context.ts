/**
 * @module
 * What travels through the steps of a fetch: each step takes the context and gives it back with what it has found out.
 */
import type { BareFetchInit, BareResponse, HeaderPair } from '@culvert/bare-client';
import type { SameSiteContext } from '@culvert/cookies';
import type { SignIns } from '../authentication/authentication.js';
import type { HttpCredentials } from '../authentication/http-credentials.js';
import type { CacheEntry, HttpCache } from '../cache/http-cache.js';
import type { ClientRegistry } from '../clients/client-registry.js';
import type { RealmTokens } from '../clients/realm-tokens.js';
import type { Initiator } from '../clients/initiator.js';
import type { ReportProgress } from '../clients/navigation-progress.js';
import type { Config } from '../config.js';
import type { CookieBroadcast } from '../cookies/cookie-broadcast.js';
import type { CookieStore } from '../cookies/cookie-store.js';
import type { BrowserIdentity } from '../headers/client-hints.js';
import type { RequestProvenance } from '../headers/fetch-metadata.js';
import type { DocumentSecurity } from '../headers/document-policies.js';
import type { Interceptors } from '../interception/interceptors.js';
import type { SiteStorage } from '../storage/site-storage.js';
import type { ServiceWorkers } from '../service-workers/service-workers.js';
import type { PolicyReports } from '../security/policy-reports.js';
import type { StrictTransport } from '../security/strict-transport.js';
import type { RemoteResponse } from './body/whole-body.js';
import type { EventIds } from './body/event-ids.js';
import type { NotedIntegrity } from './body/noted-integrity.js';
import type { RewrittenScripts } from './body/rewritten-scripts.js';
import type { SocketTransports } from '../clients/client-channel.js';
import type { PreflightCache } from './cors/preflight-cache.js';
import type { ResponseTainting } from './cors/response-tainting.js';
import type { RedirectChains } from './redirect-chains.js';

/** The part of the Bare client that is used here; the boundary that tests replace. */
export interface BareFetcher {
  fetch(url: string, init: BareFetchInit): Promise<BareResponse>;
}

/** What one running worker has, once. */
export interface Services {
  config: Config;
  bare: BareFetcher;
  transports: SocketTransports;
  cookies: CookieStore;
  credentials: HttpCredentials;
  signIns: SignIns;
  broadcast: CookieBroadcast;
  clients: ClientRegistry;
  tokens: RealmTokens;
  redirects: RedirectChains;
  preflights: PreflightCache;
  cache: HttpCache;
  integrity: NotedIntegrity;
  eventIds: EventIds;
  rewrittenScripts: RewrittenScripts;
  interceptors: Interceptors;
  siteStorage: SiteStorage;
  strictTransport: StrictTransport;
  policyReports: PolicyReports;
  serviceWorkers: ServiceWorkers;
  progress: ReportProgress;
  browser: BrowserIdentity;
}

/** The part of a FetchEvent that is used here. */
export interface FetchEventLike {
  readonly request: Request;
  readonly clientId: string;
  readonly resultingClientId: string;
  /** Not in Chromium. */
  readonly replacesClientId?: string;
  /** Background work: never what the answer waits for. */
  waitUntil(work: Promise<unknown>): void;
}

/** What a request loads, as far as the treatment of its answer differs. */
export type Load = 'document' | 'worker' | 'sharedworker' | 'script' | 'stylesheet' | 'other';

/** After `resolveRequest`. */
export interface ResolvedRequest {
  readonly services: Services;
  readonly event: FetchEventLike;
  readonly request: Request;
  /** For those who listen. */
  readonly requestId: string;
  /** Absolute, without fragment. */
  readonly remoteUrl: string;
  /** The asset of the route; `null` for a real URL. */
  readonly asset: string | null;
  readonly load: Load;
  readonly initiator: Initiator;
  /** For documents; `false` for all else. */
  readonly isTopLevel: boolean;
  /** Of documents: the real URLs of those around it, the nearest first. */
  readonly ancestors: readonly string[];
  /** Of documents: the client id of the one around it, if that is known. */
  readonly embedder?: string;
  /** Of documents in a frame: the policy that is required of them. */
  readonly requiredPolicy?: string;
  /** Of documents: does the sandbox of a frame make their origin opaque? */
  readonly isInSandbox?: true;
  /** The partition of cookies and storage. */
  readonly topLevelSite: string;
  readonly sameSite: SameSiteContext;
  /** Does it carry cookies, and may its answer set some? */
  readonly hasCredentials: boolean;
  readonly redirectChain: readonly string[];
}

/** After `attachCookies`. */
export interface RequestWithCookies extends ResolvedRequest {
  readonly cookie: string;
}

/** After `translateRequestHeaders`. */
export interface TranslatedRequest extends RequestWithCookies {
  readonly requestHeaders: HeaderPair[];
  /** What `Origin` and its like are made of. */
  readonly provenance: RequestProvenance;
  readonly tainting: ResponseTainting;
  /** The value of `Referer`, which `document.referrer` reads too; empty for none. */
  readonly referrer: string;
}

/** After `sendToRemote`. */
export interface AnsweredRequest extends TranslatedRequest {
  readonly remote: RemoteResponse;
  /** Is it the answer of a listener, and not of the site? */
  readonly isMocked: boolean;
  /** Where the HTTP cache has it, if it comes from there. */
  readonly entry: CacheEntry | null;
  /** The same, once what comes from the site is kept. */
  readonly storing: Promise<CacheEntry | null>;
}

/** For `storing`. */
export const notStored: Promise<null> = Promise.resolve(null);

/** After `translateResponseHeaders`. */
export interface TranslatedResponse extends AnsweredRequest {
  readonly responseHeaders: Headers;
  readonly security: DocumentSecurity;
}

/** What chains of redirects are kept under. */
export function clientKey(event: FetchEventLike): string {
  return event.resultingClientId || event.clientId;
}
