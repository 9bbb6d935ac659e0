/**
 * @module What the service worker tells the runtime about the document or worker that it boots in.
 */
import type { Cookie } from '@culvert/cookies';
import type { UrlSettings } from '@culvert/rewriter';
import type { AbsentFeatures } from './absent-features.js';
import type { ServiceWorkerSnapshot } from './messages.js';

export interface BootData {
  kind: 'document' | 'worker' | 'sharedworker' | 'serviceworker';
  /** The real URL of this document or worker, without fragment; the native fragment is appended by the runtime. */
  url: string;
  /** What `document.referrer` must read. */
  referrer: string;
  settings: UrlSettings;
  /** Absolute URL of the Bare directory chosen for this page. */
  bareServer: string;
  /** Absolute URL of the file that the runtime came from, with the parsers in it. */
  runtimeScript: string;
  /** Those that `document.cookie` may see for this document (no HttpOnly), from the worker's jar. */
  cookies: Cookie[];
  /** How far WebRTC may go; without it nowhere. */
  webRtc?: 'relay' | 'allow';
  /** The partition key. */
  topLevelSite: string;
  /** The tokens of a policy's `sandbox` that makes the origin opaque. */
  sandbox?: string;
  /** The site's policies, by what they were translated to. */
  policies?: readonly { enforced: string; authored: string; isReportOnly: boolean }[];
  /** Of an http: site: what a page of it must not find. */
  absent?: AbsentFeatures;
  /** Proves to the service worker that a message is the runtime's, and of this realm. */
  token: string;
  /** Of a document whose site has service workers, and of such a worker itself: the part of the runtime for them is there from the start. */
  serviceWorkers?: ServiceWorkerSnapshot;
  /** Of a service worker: which one it is. */
  serviceWorker?: { version: string; type: WorkerType };
  /** Build id shared with the worker. */
  build: string;
}
