/**
 * @module
 * The options of the service worker and what they are resolved to.
 */
import type { BareServerLocation, BareServerOption } from '@culvert/bare-client';
import type { CacheLimits } from './cache/http-cache.js';
import type { InterceptionListeners } from './interception/interception-events.js';
import type { InterceptionLimits } from './interception/subscribers.js';
import { bareTransport, type Transport, type TransportFactory } from './transports/transport-switch.js';
import type { UrlClass, UrlCodecName, UrlSettings } from '@culvert/rewriter';

export interface ServiceWorkerOptions {
  /** Where the Bare server is: a location, several to choose from, or a function of the remote URL. Default `/bare/`. */
  bareServer?: BareServerOption;
  /**
   * How remotes are reached: one of `transports` by its name, a bare-mux or proxy-transports transport, or a function that makes
   * one. A page may choose another while the worker runs. Default: `bare`, the Bare servers.
   */
  transport?: string | Transport | TransportFactory;
  /** What `proxy.setTransport(name, options)` may choose, beside `bare`: functions that make a transport. Default: none. */
  transports?: Record<string, TransportFactory>;
  /** The path below which proxied documents live; the worker must be registered with the same one. Default: the scope it is registered with. */
  scope?: string;
  /** Do subresources keep their real URLs (the default), or do all URLs move below the scope? */
  urls?: 'real' | 'scoped';
  /** Classes of URLs to scope although `urls` is `real`. Default: those that the running engine needs scoped. */
  scopedClasses?: UrlClass[];
  /** How remote URLs are written in routes; the page's `createProxy` must be told the same. Default: `component`. */
  codec?: UrlCodecName;
  /** The text of the runtime function: `self.culvertRuntime.toString()`. */
  runtimeSource: string;
  /** The text of its parsers, which workers are given at once: `self.culvertRuntime.rewriters.toString()`. */
  rewritersSource: string;
  /** The text of the part for sites' own service workers: `self.culvertRuntime.serviceWorkers.toString()`. */
  serviceWorkersSource: string;
  /** URL of `culvert.runtime.js`, from which a document loads the parsers when it needs them; by default beside the worker's script. */
  runtimeScript?: string;
  /**
   * URL of `culvert.http-socket.js`, which pages load where WebSockets to the Bare server are blocked; by default beside the
   * worker's script.
   */
  httpSocketScript?: string;
  /** What tells this build from others; by default a hash of the runtime. */
  build?: string;
  /**
   * `partitioned` (the default): a third party has a jar of its own under each top-level site. `shared`: it has one jar,
   * and only cookies with the `Partitioned` attribute are kept apart, as in Chrome with third-party cookies allowed.
   */
  thirdPartyCookies?: 'partitioned' | 'shared';
  /**
   * `site` (the default): X-Frame-Options and frame-ancestors hold among proxied documents. `none`: any site may be framed.
   * A page that embeds the proxy is never an ancestor.
   */
  framing?: 'site' | 'none';
  /**
   * WebRTC goes past the service worker, from the user's own address. `block` (the default): no candidate is gathered, as on a
   * network that lets nothing through. `relay`: by the page's TURN servers alone. `allow`: as without a proxy.
   */
  webRtc?: 'block' | 'relay' | 'allow';
  /** Of the HTTP cache. Default: 128 MB in all, 16 MB for one answer. */
  cacheLimits?: Partial<CacheLimits>;
  /** Listeners that see requests and answers, and may answer in the place of sites; before those of pages. Default: none. */
  on?: InterceptionListeners;
  /** What a page that listens may take before requests go on without it. Default: 2 s to take notice, 30 s to answer. */
  interceptionLimits?: Partial<InterceptionLimits>;
}

export interface Config {
  bareServer: BareServerOption;
  transport: string | Transport | TransportFactory;
  transports: Readonly<Record<string, TransportFactory>>;
  /** The absolute URL of the Bare directory that a page at this URL is told of. */
  bareServerFor(remoteUrl: string): Promise<string>;
  settings: UrlSettings;
  runtimeSource: string;
  rewritersSource: string;
  serviceWorkersSource: string;
  /** Absolute. */
  runtimeScript: string;
  /** Absolute. */
  httpSocketScript: string;
  build: string;
  thirdPartyCookies: 'partitioned' | 'shared';
  enforcesFraming: boolean;
  webRtc: 'block' | 'relay' | 'allow';
  /** Does the engine bring a document's synchronous requests to the worker? */
  seesSynchronousRequests: boolean;
  cacheLimits: Partial<CacheLimits>;
  on: InterceptionListeners;
  interceptionLimits: Partial<InterceptionLimits>;
}

interface EngineNeeds {
  userAgent: RegExp;
  /** Classes that the engine sends past the service worker at their real URLs. */
  scopedClasses: UrlClass[];
  seesSynchronousRequests: boolean;
  /** Does it hold the worker's answers against a document's policy by the URL of the worker's script? */
  judgesByWorkerUrl: boolean;
}

/** What differs from Chromium (docs/engines.md). */
const neededByEngine: readonly EngineNeeds[] = [
  { userAgent: /\bFirefox\//, scopedClasses: ['media'], seesSynchronousRequests: true, judgesByWorkerUrl: true },
];

/**
 * @param workerUrl the worker's own URL, which relative Bare locations resolve against
 * @param userAgent of the engine that the worker runs in
 */
export function resolveConfig(options: ServiceWorkerOptions, workerUrl: string, userAgent = ''): Config {
  const bareServer = options.bareServer ?? '/bare/';
  const needed = neededByEngine.find((engine) => engine.userAgent.test(userAgent));
  const scopedClasses = options.scopedClasses ?? needed?.scopedClasses;
  return {
    bareServer,
    transport: options.transport ?? bareTransport,
    transports: options.transports ?? {},
    bareServerFor: async (remoteUrl) => {
      const chosen = typeof bareServer === 'function' ? await bareServer(new URL(remoteUrl), 0) : bareServer;
      const location: BareServerLocation = Array.isArray(chosen) ? (chosen[0] ?? '/bare/') : chosen;
      return new URL(location, workerUrl).href;
    },
    settings: {
      origin: new URL(workerUrl).origin,
      scope: options.scope ?? '/service/',
      urls: options.urls ?? 'real',
      ...(options.codec && { codec: options.codec }),
      ...(scopedClasses && { scopedClasses }),
      ...(needed?.judgesByWorkerUrl && { answerUrl: new URL(workerUrl).href.replace(/[?#].*$/s, '') }),
    },
    runtimeSource: options.runtimeSource,
    rewritersSource: options.rewritersSource,
    serviceWorkersSource: options.serviceWorkersSource,
    runtimeScript: new URL(options.runtimeScript ?? 'culvert.runtime.js', workerUrl).href,
    httpSocketScript: new URL(options.httpSocketScript ?? 'culvert.http-socket.js', workerUrl).href,
    build: options.build ?? fingerprint(options.runtimeSource),
    thirdPartyCookies: options.thirdPartyCookies ?? 'partitioned',
    webRtc: options.webRtc ?? 'block',
    cacheLimits: options.cacheLimits ?? {},
    on: options.on ?? {},
    interceptionLimits: options.interceptionLimits ?? {},
    seesSynchronousRequests: needed?.seesSynchronousRequests ?? false,
    enforcesFraming: (options.framing ?? 'site') === 'site',
  };
}

/** FNV-1a: to tell builds apart, not to protect anything. */
function fingerprint(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
