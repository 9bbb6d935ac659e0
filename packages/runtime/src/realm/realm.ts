/**
 * @module One JavaScript global that the runtime has booted in.
 */
import type { UrlClass } from '@culvert/rewriter';
import type { BootData } from '../boot-data.js';
import type { OwnLocation } from '../global-scope/location.js';
import type { Natives } from '../natives.js';
import type { LateParts } from '../late/rewriters-loader.js';
import type { OriginKey } from './same-origin.js';
import type { ReadSandbox } from './sandbox.js';
import type { SharedState } from './shared-state.js';
import type { WindowTree } from './window-tree.js';

export interface RealmUrls {
  /** A real, absolute URL as the browser must be given it for this class. */
  toBrowser(realUrl: string, urlClass: UrlClass): string;
  /** A URL that the browser reports as the page must see it. */
  fromBrowser(url: string): string;
  /** The real URL of the document or worker now, with fragment; `about:blank` and `about:srcdoc` as they are. */
  documentUrl(): string;
  /** What relative URLs resolve against: the document's base, or the worker's real URL. */
  baseUrl(): string;
  /** Resolves as the page would; null if it does not parse. */
  resolve(url: string): string | null;
  /** The real origin, which about:blank and srcdoc documents inherit; `null` for opaque ones. */
  origin(): string;
}

export interface Realm {
  readonly global: any;
  readonly kind: 'window' | 'worker';
  /**
   * Replaced when a document is loaded into the window of an initial about:blank (the browser keeps the global then),
   * so read it when it is needed.
   */
  data: BootData;
  readonly natives: Natives;
  readonly urls: RealmUrls;
  readonly shared: SharedState;
  /** Its origin's identity; replaced with `data`. See `same-origin.ts`. */
  originKey: OriginKey;
  /** The author's tokens of the sandbox by which the origin is opaque; null without one. */
  sandbox: string | null;
  /** Reads it for the document that is in the window now. */
  readonly readSandbox: ReadSandbox;
  /** The function that this runtime was booted by; its text boots other realms. */
  readonly source: (data: BootData) => void;
  /** The nonce of the boot script, by which our own inline scripts pass the document's policy. */
  scriptNonce: string;
  /** Native navigation by a function of this realm: whose function calls, that document is what the browser takes for the source. */
  navigate(location: Location, url: string, how: 'href' | 'assign' | 'replace'): void;
  /** Boots a window that this one has made (a blob: document asks for it itself, see `blobBootHtml`). */
  enter(window: unknown): void;
  /** Called with what is loaded late by the script that brings it, for this realm and all that share its state. */
  takeLateParts(parts: LateParts): void;
  /** False in the frames whose subresources never reach the service worker (about:blank, blob:, javascript:). */
  controlled: boolean;
  /** The realm whose natives reach the service worker: this one, or the nearest controlled creator. */
  networkRealm: Realm;
  /** The document of a window realm (null in a worker). */
  document(): any;
  /** The windows around this one as the page may know them; only in a window realm. */
  readonly tree: WindowTree;
  /** This realm's `location`, asked by other realms' runtimes too; only in a window realm. */
  location(): OwnLocation;
  /** Run when another document has taken over this global (see `data`). */
  readonly onReboot: (() => void)[];
  /** Run again by `afterDocumentOpen`: what must be redone when `document.open` has removed every listener. */
  readonly onDocumentOpen: (() => void)[];
  /** Must be called after a native document.open (also the implicit one of document.write). */
  afterDocumentOpen(): void;
}

/** Hooks of one interface: called once for each realm, at boot. */
export type Intercept = (realm: Realm) => void;
