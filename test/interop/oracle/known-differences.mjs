/**
 * @module
 * Where ours differs from the platform's own on purpose, or the platform from its standard. Each entry admits the differences that it
 * describes and no others.
 */

/** @type {{ text: string, engine?: string, cases?: (string | RegExp)[], holds: (difference: { path: string, native: unknown, ours: unknown }, native: any, ours: any) => boolean }[]} */
export const knownDifferences = [
  {
    text: 'A 407 of the remote is an answer like any other; natively it is about a proxy, and fails.',
    cases: ['status 407'],
    holds: ({ path }, native, ours) => path.startsWith('answer') && Boolean(native.error) && ours.answer.status === 407,
  },
  {
    text: 'A URL with credentials is taken, and they are sent as Authorization; natively it is a TypeError.',
    cases: ['credentials in the URL'],
    holds: (_difference, native, ours) => native.error?.name === 'TypeError' && ours.answer.status === 200,
  },
  {
    text: 'With `redirect: "manual"` the answer is the redirect, with its Location; in a page it is natively an opaque one.',
    engine: 'chromium',
    cases: ['redirect: manual'],
    holds: ({ path }, native, ours) =>
      path.startsWith('answer') && native.answer.type === 'opaqueredirect' && ours.answer.status === 302,
  },
  {
    text: '`type` is always "basic": a client has no origin that another could be foreign to.',
    cases: ['redirect to another origin'],
    holds: ({ path, native, ours }) => path === 'answer.type' && native === 'cors' && ours === 'basic',
  },
  {
    text: 'A response that cannot have a body has `body` null, as the Fetch standard says; in Chromium it has an empty stream.',
    engine: 'chromium',
    cases: [/\bhead\b/i, /^status (204|205|304)$/],
    holds: ({ path, native, ours }) => path === 'answer.hasBody' && native === true && ours === false,
  },
  {
    text: 'A redirect with an empty Location leads to the same URL, as the standard says; Chromium does not follow it.',
    engine: 'chromium',
    cases: ['location empty'],
    holds: (_difference, native, ours) =>
      native.answer.status === 302 && ours.error?.code === 'IMPL_TOO_MANY_REDIRECTS',
  },
  {
    text: "Node's fetch fails on spaces around a Location; browsers trim them, and so does ours.",
    engine: 'node',
    cases: ['location with spaces around'],
    holds: (_difference, native, ours) => Boolean(native.error) && ours.answer.status === 200,
  },
  {
    text: "Node's fetch replaces bytes above ASCII in a Location; browsers escape them, and so does ours.",
    engine: 'node',
    cases: ['location bytes above ASCII'],
    holds: (_difference, native, ours) => native.answer.url.endsWith('%EF%BF%BD') && ours.answer.url.endsWith('%E4'),
  },
  {
    text: "Node's fetch keeps spaces at the end of a header value; browsers and ours trim them.",
    engine: 'node',
    cases: ['empty header'],
    holds: ({ path, native, ours }) => path === 'answer.headers.x-space' && native.trimEnd() === ours,
  },
  {
    text: 'A remote that breaks the WebSocket protocol ends as one that drops the connection: 1006, without `error`. Bare has no word for it.',
    cases: ['the remote breaks the protocol'],
    holds: ({ path }, native, ours) =>
      (path === 'closed.reason' || path.startsWith('result.events')) &&
      native.result.events.map(({ type }) => type).join() === 'open,error,close' &&
      ours.result.events.map(({ type, code }) => code ?? type).join() === 'open,1006',
  },
  {
    text: "The text of a method (`String(socket.send)`) is not native code's: only a change of Function.prototype.toString could make it so, which is a page's business.",
    cases: ['shape'],
    holds: ({ path, native }) => path === 'result.shape.send' && native.includes('[native code]'),
  },
];
