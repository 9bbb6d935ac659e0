/**
 * @module
 * Whether the browser was closed since the worker last ran. Nothing tells a worker; but a session cookie of the proxy's own
 * origin goes when the session does, wherever the engine gives workers a `cookieStore` (Chromium). Elsewhere no session ends.
 */

/** The part of the Cookie Store API that is used. */
export interface SessionMarkStore {
  get(name: string): Promise<unknown>;
  set(options: { name: string; value: string; sameSite: 'strict' }): Promise<void>;
}

const name = 'culvert-session';

/** Leaves the mark for the next time. Never rejects. */
export async function isSameBrowserSession(store: SessionMarkStore | undefined): Promise<boolean> {
  if (!store) return true;
  try {
    if (await store.get(name)) return true;
    await store.set({ name, value: '1', sameSite: 'strict' });
    return false;
  } catch (error) {
    // Cookies of the proxy's own origin may be switched off: then nothing is known.
    console.warn('culvert: Failed to tell whether the browser session is a new one:', error);
    return true;
  }
}
