/**
 * @module
 * Follows one iframe through its documents: which document it shows, at which URL, and how far that document is.
 *
 * There is no event for "the frame committed a document" (its `load` comes after the last image), and none for
 * `history.pushState` where there is no Navigation API. So this looks, often while something loads and seldom otherwise;
 * events only make it look at once.
 */
import { frameRealm, type FrameWindow } from './frame-realm.js';

export interface FrameObserverHandlers {
  /** A new document has been committed; its scripts may already have run. */
  document(frame: FrameWindow, document: Document): void;
  /** The native URL changed, with or without a new document. */
  url(proxyUrl: string, isSameDocument: boolean): void;
  /** Title or icon may have changed. */
  head(document: Document): void;
  readyState(state: DocumentReadyState, document: Document): void;
  /** The frame shows what this page may not look into: an error page of the browser, or another origin. */
  unreachable(): void;
  /** Anything that may have changed the frame's history. */
  history(): void;
}

const busyInterval = 50;
const idleInterval = 400;

export class FrameObserver {
  /** Set while something is known to load: look often. */
  isBusy = false;

  private document: Document | null = null;
  private proxyUrl = '';
  private state: DocumentReadyState | '' = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private headOfObserver: HTMLHeadElement | null = null;
  private readonly headObserver: MutationObserver;
  private listening = new AbortController();

  constructor(
    private readonly iframe: HTMLIFrameElement,
    private readonly handlers: FrameObserverHandlers,
  ) {
    this.headObserver = new MutationObserver(() => this.document && this.handlers.head(this.document));
    iframe.addEventListener('load', this.look);
  }

  disconnect(): void {
    clearTimeout(this.timer);
    this.iframe.removeEventListener('load', this.look);
    this.leaveDocument();
    this.document = null;
  }

  /** Looks now, and plans the next look. */
  readonly look = (): void => {
    clearTimeout(this.timer);
    if (!this.iframe.isConnected) return;
    this.timer = setTimeout(this.look, this.isBusy ? busyInterval : idleInterval);

    const frame = this.iframe.contentWindow as FrameWindow | null;
    const document = this.iframe.contentDocument;
    if (!frame || !document) {
      if (this.document) this.leaveDocument();
      if (frame && this.state !== 'complete') {
        this.document = null;
        this.proxyUrl = '';
        this.state = 'complete';
        this.handlers.unreachable();
      }
      return;
    }
    const isNew = document !== this.document;
    if (isNew) this.enterDocument(frame, document);
    const proxyUrl = frameRealm.proxyUrl(frame);
    if (isNew || proxyUrl !== this.proxyUrl) {
      this.proxyUrl = proxyUrl;
      this.handlers.url(proxyUrl, !isNew);
    }
    this.observeHead(document);
    const state = frameRealm.readyState(document);
    if (state !== this.state) {
      this.state = state;
      this.handlers.readyState(state, document);
    }
  };

  private enterDocument(frame: FrameWindow, document: Document): void {
    this.leaveDocument();
    this.document = document;
    this.state = '';
    const lookSoon = (): void => void setTimeout(this.look);
    this.listen(frame, 'pagehide', lookSoon);
    this.listen(frame, 'hashchange', this.look);
    this.listen(frame, 'popstate', this.look);
    this.listen(document, 'readystatechange', this.look);
    const navigation = frameRealm.navigation(frame);
    if (navigation) {
      const changed = (): void => {
        this.look();
        this.handlers.history();
      };
      this.listen(navigation, 'currententrychange', changed);
    }
    this.handlers.document(frame, document);
  }

  private leaveDocument(): void {
    // Listeners are not removed one by one: the window may be out of reach by now.
    this.listening.abort();
    this.listening = new AbortController();
    this.headObserver.disconnect();
    this.headOfObserver = null;
    this.state = '';
  }

  private listen(target: EventTarget, type: string, listener: () => void): void {
    const { signal } = this.listening;
    EventTarget.prototype.addEventListener.call(target, type, listener, { passive: true, signal });
  }

  private observeHead(document: Document): void {
    const head = frameRealm.head(document);
    if (!head || head === this.headOfObserver) return;
    this.headObserver.disconnect();
    this.headOfObserver = head;
    this.headObserver.observe(head, {
      childList: true,
      subtree: true,
      characterData: true,
      attributeFilter: ['href', 'rel'],
    });
    this.handlers.head(document);
  }
}
