/**
 * @module
 * The iframe in the stage and its life: there is one while a page is open, and none on the start page (so that the
 * frame's history goes with it).
 */
import { type Proxy, type ProxyFrame } from '@culvert/sw/page';
import { element } from './elements.js';

/** What a site in a window of its own could ask for; each is still the user's to grant. */
const permissions =
  'accelerometer; autoplay; camera; clipboard-read; clipboard-write; display-capture; encrypted-media; fullscreen; ' +
  'gamepad; geolocation; gyroscope; magnetometer; microphone; midi; payment; picture-in-picture; screen-wake-lock; ' +
  'xr-spatial-tracking';

export class Viewer {
  private readonly stage = element('main', 'stage');
  private iframe: HTMLIFrameElement | null = null;
  private current: ProxyFrame | null = null;

  constructor(
    private readonly proxy: Proxy,
    private readonly connect: (frame: ProxyFrame) => void,
  ) {}

  get frame(): ProxyFrame | null {
    return this.current;
  }

  /** @returns the frame, made if there is none */
  open(): ProxyFrame {
    if (this.current) return this.current;
    this.iframe = document.createElement('iframe');
    this.iframe.title = 'Proxied page';
    this.iframe.allow = permissions;
    this.stage.append(this.iframe);
    this.current = this.proxy.createFrame(this.iframe);
    this.connect(this.current);
    return this.current;
  }

  close(): void {
    this.current?.disconnect();
    this.iframe?.remove();
    this.current = this.iframe = null;
  }
}
