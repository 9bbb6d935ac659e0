/**
 * @module
 * Steers one iframe that shows proxied pages, and tells what happens in it in terms of real URLs.
 */
import type { NavigationProgress } from '@culvert/runtime';
import { Emitter, type Listener } from './emitter.js';
import { ProxyError } from './errors.js';
import { FrameIcon } from './frame-icon.js';
import { FrameObserver } from './frame-observer.js';
import { frameRealm, type FrameWindow } from './frame-realm.js';
import { LoadProgress, type Progress } from './load-progress.js';
import type { Proxy } from './proxy.js';

export interface ProxyFrameState {
  canGoBack: boolean;
  canGoForward: boolean;
  isLoading: boolean;
}

export interface ProxyFrameEvents {
  /** The frame shows another URL: a new document, `pushState` or a fragment. */
  navigate: { url: string; isSameDocument: boolean };
  title: { title: string };
  /** A blob: or data: URL of the page's icon, valid until the next of these events; null for none. */
  icon: { url: string | null };
  progress: Progress;
  state: ProxyFrameState;
  error: { error: ProxyError; url: string };
  /** A new document is in the frame: for listeners that the embedder wants in it (keyboard shortcuts). */
  document: { window: FrameWindow };
}

export interface GoOptions {
  /** Replaces the frame's current history entry. */
  replace?: boolean;
}

interface ProxyFrameContext {
  proxy: Proxy;
  scope: string;
}

export class ProxyFrame {
  private readonly emitter = new Emitter<ProxyFrameEvents>();
  private readonly observer: FrameObserver;
  private readonly progress: LoadProgress;
  private readonly icon: FrameIcon;
  private readonly historyLengthAtStart = history.length;
  private realUrl: string | null = null;
  private shownTitle = '';
  private lastState = '';
  private headTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly iframe: HTMLIFrameElement,
    private readonly context: ProxyFrameContext,
  ) {
    this.icon = new FrameIcon(context, (url) => this.emitter.emit('icon', { url }));
    this.progress = new LoadProgress((progress) => {
      this.observer.isBusy = progress.isLoading;
      this.emitter.emit('progress', progress);
      this.emitState();
    });
    this.observer = new FrameObserver(iframe, {
      document: (frame) => this.enterDocument(frame),
      url: (proxyUrl, isSameDocument) => this.changeUrl(proxyUrl, isSameDocument),
      head: (document) => this.readHead(document),
      readyState: (state, document) => this.changeReadyState(state, document),
      unreachable: () => this.reportUnreachable(),
      history: () => this.emitState(),
    });
    this.observer.look();
    navigator.serviceWorker?.addEventListener('message', this.receiveMessage);
    navigator.serviceWorker?.startMessages();
  }

  /** The real URL that the frame shows, or null before the first page. */
  get url(): string | null {
    return this.realUrl;
  }

  get title(): string {
    return this.shownTitle;
  }

  get state(): ProxyFrameState {
    const frame = this.sameOriginWindow();
    const navigation = frame && frameRealm.navigation(frame);
    return {
      // Without a Navigation API only the joint history can be asked, which does not tell where in it we are.
      canGoBack: navigation?.canGoBack ?? history.length > this.historyLengthAtStart,
      canGoForward: navigation?.canGoForward ?? this.realUrl !== null,
      isLoading: this.progress.isLoading,
    };
  }

  /** @returns a function that takes the listener away again */
  on<Type extends keyof ProxyFrameEvents>(type: Type, listener: Listener<ProxyFrameEvents[Type]>): () => void {
    return this.emitter.on(type, listener);
  }

  /**
   * Opens a remote URL.
   *
   * @throws ProxyError INVALID_URL, UNSUPPORTED_SCHEME
   */
  go(remoteUrl: string | URL, { replace = false }: GoOptions = {}): void {
    const proxyUrl = this.context.proxy.encodeUrl(remoteUrl);
    const frame = this.sameOriginWindow();
    if (frame && frameRealm.proxyUrl(frame) === proxyUrl) return this.reload();
    this.observer.look();
    const isFragmentOnly = frame && sameButFragment(frameRealm.proxyUrl(frame), proxyUrl);
    if (!isFragmentOnly) this.progress.begin(new URL(remoteUrl).href);
    if (!frame) this.iframe.src = proxyUrl;
    else if (replace || this.realUrl === null) frame.location.replace(proxyUrl);
    else frame.location.assign(proxyUrl);
  }

  back(): void {
    this.traverse(-1);
  }

  forward(): void {
    this.traverse(1);
  }

  reload(): void {
    const frame = this.sameOriginWindow();
    if (this.realUrl) this.progress.begin(this.realUrl);
    if (frame) frame.location.reload();
    else if (this.realUrl) this.iframe.src = this.context.proxy.encodeUrl(this.realUrl);
  }

  stop(): void {
    const frame = this.sameOriginWindow();
    if (frame) frameRealm.stop(frame);
    this.progress.end();
  }

  /** Moves the keyboard's focus into the page. */
  focus(): void {
    this.iframe.focus();
  }

  /** Lets go of the iframe, which the caller may then remove. */
  disconnect(): void {
    navigator.serviceWorker?.removeEventListener('message', this.receiveMessage);
    clearTimeout(this.headTimer);
    this.emitter.removeAll();
    this.observer.disconnect();
    this.progress.end();
    this.icon.remove();
  }

  private sameOriginWindow(): FrameWindow | null {
    return this.iframe.contentDocument && (this.iframe.contentWindow as FrameWindow | null);
  }

  private traverse(delta: -1 | 1): void {
    const frame = this.sameOriginWindow();
    if (frame) frame.history.go(delta);
    else history.go(delta);
  }

  private enterDocument(frame: FrameWindow): void {
    const navigation = frameRealm.navigation(frame);
    navigation?.addEventListener('navigate', (event) => {
      const { destination, hashChange, downloadRequest } = event;
      if (destination.sameDocument || hashChange || downloadRequest !== null) return;
      // The runtime cancels a navigation to a real URL and starts it again at the proxy's own.
      const remoteUrl = this.context.proxy.decodeUrl(destination.url) ?? destination.url;
      if (/^https?:/.test(remoteUrl)) this.progress.begin(remoteUrl);
      this.observer.look();
    });
    navigation?.addEventListener('navigateerror', () => this.progress.cancelled());
    navigation?.addEventListener('navigatesuccess', () => this.progress.cancelled());
    this.emitter.emit('document', { window: frame });
  }

  private changeUrl(proxyUrl: string, isSameDocument: boolean): void {
    const remoteUrl = this.context.proxy.decodeUrl(proxyUrl);
    if (remoteUrl === null) {
      // about:blank and blob: documents belong to the page that made them; any other URL is outside of the proxy.
      if (/^https?:/.test(proxyUrl)) this.reportUnreachable();
      return;
    }
    if (!isSameDocument) this.progress.committed();
    if (remoteUrl !== this.realUrl || !isSameDocument) {
      this.realUrl = remoteUrl;
      this.emitter.emit('navigate', { url: remoteUrl, isSameDocument });
    }
    this.emitState();
  }

  private changeReadyState(state: DocumentReadyState, document: Document): void {
    // The bootstrap page is not what was asked for: it reloads when the worker is there, or says why it cannot.
    if (frameRealm.bootstrapStage(document) === 'starting') return;
    if (state !== 'loading') this.readHead(document);
    if (state === 'interactive') this.progress.interactive();
    if (state === 'complete') this.progress.end();
  }

  private reportUnreachable(): void {
    this.progress.end();
    const error = new ProxyError('FRAME_UNREACHABLE', 'Failed to show the page: it left the proxy or did not load.');
    this.emitter.emit('error', { error, url: this.realUrl ?? '' });
  }

  private readHead(document: Document): void {
    if (frameRealm.bootstrapStage(document) === 'starting') return;
    const title = frameRealm.title(document);
    if (title !== this.shownTitle) {
      this.shownTitle = title;
      this.emitter.emit('title', { title });
    }
    // Pages write their head piece by piece.
    clearTimeout(this.headTimer);
    this.headTimer = setTimeout(() => {
      if (document === this.iframe.contentDocument && this.realUrl) void this.icon.update(document, this.realUrl);
    }, 250);
  }

  private emitState(): void {
    const { state } = this;
    const text = JSON.stringify(state);
    if (text === this.lastState) return;
    this.lastState = text;
    this.emitter.emit('state', state);
  }

  private readonly receiveMessage = ({ data }: MessageEvent<Partial<NavigationProgress> | null>): void => {
    if (data?.culvert !== 'navigation') return;
    const message = data as NavigationProgress;
    if (!this.progress.receive(message)) return;
    this.observer.look();
    if (message.stage !== 'error') return;
    const error = new ProxyError('NAVIGATION_FAILED', message.message ?? `Failed to open ${message.url}.`);
    this.emitter.emit('error', { error, url: message.url });
  };
}

function sameButFragment(a: string, b: string): boolean {
  return b.includes('#') && a.split('#', 1)[0] === b.split('#', 1)[0];
}
