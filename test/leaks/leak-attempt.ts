/** @module What one row of the tables is: a way to make the browser send something to a host of the row's own. */

export interface LeakAttempt {
  readonly name: string;
  /** What the browser would send: a resource class, a navigation, a name query. */
  readonly kind: string;
  /** Markup of the body. `LEAK` stands for `http://leak-17.example:port`, `HOST` for the bare host name. */
  readonly html?: string;
  /** A classic script at the end of the body, in an async function: it may `await`. */
  readonly script?: string;
  /** Of the document's response. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Needs a tab of its own, not a frame among others: it navigates the top, or works only there. */
  readonly topLevel?: true;
}

/** Host names of the rows; each resolves to an address of its own, so that a bare name query tells its row too. */
export const leakHost = (index: number) => `leak-${index}.example`;
export const leakAddress = (index: number) => `127.77.${index >> 8}.${index & 255}`;
/** The hostile site's own host has an address that no row has. */
export const hostileHost = 'hostile.example';
export const hostileAddress = '127.77.255.1';
/** Every address that a name of these tests resolves to, for a search in the browser's network log. */
export const leakAddressPattern = /\b127\.77\.(\d+)\.(\d+)\b/g;
