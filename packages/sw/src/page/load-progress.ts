/**
 * @module
 * How far a load of the frame is, from what is known of it: the start of a navigation, the worker's messages and the
 * state of the document. Leaves it to `proxy-frame.ts` to gather those. A load always ends, if only by its time limit.
 */
import type { NavigationProgress } from '@culvert/runtime';

export interface Progress {
  isLoading: boolean;
  /** From 0 to 1. */
  value: number;
}

const reached = { start: 0.15, headers: 0.4, committed: 0.55, interactive: 0.8 } as const;

export class LoadProgress {
  private current: Progress = { isLoading: false, value: 0 };
  private pendingUrl: string | null = null;
  private clientId: string | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly report: (progress: Progress) => void,
    private readonly timeLimit = 90_000,
  ) {}

  get isLoading(): boolean {
    return this.current.isLoading;
  }

  begin(remoteUrl: string): void {
    this.pendingUrl = withoutFragment(remoteUrl);
    this.clientId = null;
    this.set({ isLoading: true, value: reached.start });
    this.endAfter(this.timeLimit);
  }

  /** @returns whether the message is about the navigation that this frame waits for */
  receive(message: NavigationProgress): boolean {
    const isOurs = message.clientId === this.clientId || withoutFragment(message.url) === this.pendingUrl;
    if (!isOurs || !this.current.isLoading) return false;
    this.clientId = message.clientId;
    this.pendingUrl = withoutFragment(message.url);
    if (message.stage === 'start') this.endAfter(this.timeLimit);
    if (message.stage === 'headers') this.advance(reached.headers);
    // A download or a 204 never becomes a document. A document tells the rest itself.
    if (message.stage === 'done' && this.current.value < reached.committed) this.endAfter(1500);
    if (message.stage === 'error') this.endAfter(1500);
    return true;
  }

  committed(): void {
    this.pendingUrl = this.clientId = null;
    if (!this.current.isLoading) this.set({ isLoading: true, value: reached.committed });
    else this.advance(reached.committed);
    this.endAfter(this.timeLimit);
  }

  interactive(): void {
    this.advance(reached.interactive);
  }

  /** The navigation may have been given up; another one may be on its way in its place. */
  cancelled(): void {
    if (this.pendingUrl) this.endAfter(1000);
  }

  end(): void {
    clearTimeout(this.timer);
    this.pendingUrl = this.clientId = null;
    if (this.current.isLoading) this.set({ isLoading: false, value: 1 });
  }

  private endAfter(milliseconds: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(), milliseconds);
  }

  private advance(value: number): void {
    if (this.current.isLoading && value > this.current.value) this.set({ isLoading: true, value });
  }

  private set(progress: Progress): void {
    this.current = progress;
    this.report(progress);
  }
}

function withoutFragment(url: string): string {
  const at = url.indexOf('#');
  return at < 0 ? url : url.slice(0, at);
}
