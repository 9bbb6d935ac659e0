/**
 * @module
 * The icon of the framed page, as a blob: URL. No service worker ever sees the browser's own request for an icon, so the
 * real URL must not be put in an image of this (uncontrolled) page. The bytes are fetched by a hidden frame inside of the
 * scope, which the worker controls, and only the bytes come here.
 */
import { frameRealm, type FrameWindow } from './frame-realm.js';
import type { Proxy } from './proxy.js';

const largestIcon = 512 * 1024;

/** @returns the URL of the icon that the document asks for, as it is written there (resolved), or null for none */
function findIconUrl(document: Document): string | null {
  let best: { url: string; score: number } | null = null;
  for (const link of frameRealm.elements(document, 'link[rel~="icon" i][href]')) {
    const href = frameRealm.attribute(link, 'href') ?? '';
    if (!URL.canParse(href, frameRealm.baseUrl(document))) continue;
    const score = scoreIcon(link);
    // The last of equals wins, as the HTML standard has it.
    if (!best || score >= best.score) best = { url: new URL(href, frameRealm.baseUrl(document)).href, score };
  }
  return best?.url ?? null;
}

/** Prefers what is drawn at about 32 device pixels: a vector, then the smallest that is large enough. */
function scoreIcon(link: Element): number {
  const media = frameRealm.attribute(link, 'media');
  if (media && !matchMedia(media).matches) return -1;
  if (/\bsvg\b/i.test(frameRealm.attribute(link, 'type') ?? '')) return 3;
  const size = Number.parseInt(frameRealm.attribute(link, 'sizes') ?? '', 10);
  if (Number.isNaN(size)) return 1;
  return size >= 32 ? 2 + 32 / size / 2 : 1 + size / 64;
}

/** The icon of one frame: finds it, loads it, and tells when it is another one. */
export class FrameIcon {
  private readonly loader: IconLoader;
  private source: string | null = null;
  private objectUrl: string | null = null;

  constructor(
    private readonly context: { proxy: Proxy; scope: string },
    private readonly changed: (url: string | null) => void,
  ) {
    this.loader = new IconLoader(context.scope);
  }

  async update(document: Document, documentUrl: string): Promise<void> {
    const { proxy } = this.context;
    const written = findIconUrl(document) ?? new URL('/favicon.ico', documentUrl).href;
    const source = proxy.decodeUrl(written) ?? written;
    if (source === this.source) return;
    this.source = source;
    const bytes = /^https?:/.test(source) ? await this.loader.load(proxy.encodeUrl(source, 'icon')) : null;
    if (source !== this.source) return;
    const previous = this.objectUrl;
    this.objectUrl = bytes && URL.createObjectURL(bytes);
    // A data: or blob: URL of the page loads nothing from the network.
    this.changed(this.objectUrl ?? (/^(?:data:image\/|blob:)/i.test(source) ? source : null));
    if (previous) URL.revokeObjectURL(previous);
  }

  remove(): void {
    this.source = null;
    this.loader.remove();
    if (this.objectUrl) URL.revokeObjectURL(this.objectUrl);
  }
}

class IconLoader {
  private helper: Promise<FrameWindow | null> | null = null;
  private helperFrame: HTMLIFrameElement | null = null;

  constructor(private readonly scope: string) {}

  /** @returns null where there is no such image: that is no error of the page */
  async load(proxyUrl: string): Promise<Blob | null> {
    const helper = await (this.helper ??= this.createHelper());
    if (!helper) {
      this.remove();
      return null;
    }
    try {
      const response = await helper.fetch(proxyUrl, {
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(10_000),
      });
      const type = response.headers.get('content-type') ?? '';
      if (!response.ok || !/^(?:image\/|application\/octet-stream|$)/i.test(type)) {
        await response.body?.cancel();
        return null;
      }
      const bytes = await response.arrayBuffer();
      return bytes.byteLength > 0 && bytes.byteLength <= largestIcon ? new Blob([bytes], { type }) : null;
    } catch {
      // The site cannot be reached, or took too long.
      return null;
    }
  }

  remove(): void {
    this.helperFrame?.remove();
    this.helperFrame = this.helper = null;
  }

  /** @returns null if the worker does not control the frame: then it must not fetch */
  private async createHelper(): Promise<FrameWindow | null> {
    const frame = document.createElement('iframe');
    this.helperFrame = frame;
    frame.hidden = true;
    frame.title = 'Icon loader';
    frame.src = `${this.scope}~/blank`;
    const loaded = new Promise<void>((resolve) => {
      frame.addEventListener('load', () => resolve(), { once: true });
      setTimeout(resolve, 5000);
    });
    document.body.append(frame);
    await loaded;
    const helper = frame.contentWindow as FrameWindow | null;
    return helper && frame.contentDocument && frameRealm.isControlled(helper) ? helper : null;
  }
}
