/** What scripts can and cannot replace, and what parsers run: the facts that the rewriter and the runtime stand on. */
export const language = [
  {
    id: 'unforgeable',
    statement:
      'of Window, only location, top, document and window cannot be reconfigured among the names that tell the URL or the frame tree',
    measure: () =>
      [
        'location',
        'top',
        'document',
        'window',
        'parent',
        'origin',
        'self',
        'frames',
        'opener',
        'frameElement',
        'postMessage',
        'eval',
      ].filter((name) => Object.getOwnPropertyDescriptor(window, name)?.configurable === false),
    always: ['location', 'top', 'document', 'window'],
  },
  {
    id: 'document-location',
    statement: "document.location is an own accessor that cannot be reconfigured; Document's URL and cookie can",
    measure: () => [
      Object.getOwnPropertyDescriptor(document, 'location').configurable,
      Object.getOwnPropertyDescriptor(Document.prototype, 'URL').configurable,
      Object.getOwnPropertyDescriptor(Document.prototype, 'cookie').configurable,
    ],
    always: [false, true, true],
  },
  {
    id: 'location-members',
    statement: 'the members of location cannot be reconfigured',
    measure: () =>
      ['href', 'assign', 'replace', 'reload', 'hash'].map(
        (name) => Object.getOwnPropertyDescriptor(location, name).configurable,
      ),
    always: [false, false, false, false, false],
  },
  {
    id: 'eval-accessor',
    statement: 'an accessor for window.eval that gives the intrinsic keeps eval(x) a direct eval, sloppy and strict',
    body: `<script>
      const native = eval;
      Object.defineProperty(window, 'eval', { get: () => native, set() {}, configurable: true });
      globalThis.result = [
        (function () { var inner = 1; return eval('inner') })(),
        (function () { 'use strict'; var inner = 2; return eval('inner') })(),
        (function (eval) { return eval('inner') })((text) => text + ' shadowed'),
      ];
    </script>`,
    measure: () => globalThis.result,
    always: [1, 2, 'inner shadowed'],
  },
  {
    id: 'vertical-tab',
    statement: 'U+000B is white space between any two tokens and keeps its place in toString',
    measure: () => {
      const text = 'return\u000b(\u000b1\u000b)';
      const made = new Function(text);
      return [made(), made.toString().includes(text)];
    },
    always: [1, true],
  },
  {
    id: 'post-message-source',
    statement: "the source of a message is the realm of the function that called the target's native postMessage",
    body: '<iframe srcdoc="<script>globalThis.helper = (target, data) => target.postMessage(data, `*`)</script>"></iframe>',
    measure: async () => {
      const { contentWindow } = document.querySelector('iframe');
      await fact.until(() => contentWindow.helper);
      const arrived = fact.event(window, 'message');
      contentWindow.helper(window, 'x');
      return (await arrived).source === contentWindow;
    },
    always: true,
  },
  {
    id: 'inert-document',
    statement: 'innerHTML in a document of createHTMLDocument runs no script, fires no onerror and loads nothing',
    measure: async () => {
      const inert = document.implementation.createHTMLDocument('');
      inert.body.innerHTML = `<img src="${fact.site}x.png" onerror="globalThis.ran = true"><script>globalThis.ran = true</script>`;
      return [await fact.where('inert-document/x.png', 500), globalThis.ran ?? false];
    },
    always: ['nowhere', false],
  },
  {
    id: 'adopted-handlers',
    statement: 'an inline handler of an inert document works once its element is adopted and inserted',
    measure: async () => {
      const inert = document.implementation.createHTMLDocument('');
      inert.body.innerHTML = '<button onclick="globalThis.clicked = true"></button>';
      document.body.append(inert.body.firstChild);
      document.querySelector('button').click();
      return globalThis.clicked ?? false;
    },
    always: true,
  },
  {
    id: 'replace-children-record',
    statement: 'replaceChildren with an adopted fragment makes one mutation record, as innerHTML does',
    body: '<div><p></p></div>',
    measure: () => {
      const target = document.querySelector('div');
      const inert = document.implementation.createHTMLDocument('');
      const observer = new MutationObserver(() => {});
      observer.observe(target, { childList: true });
      target.innerHTML = '<b></b><i></i>';
      const native = observer.takeRecords().length;
      inert.body.innerHTML = '<b></b><i></i>';
      const fragment = inert.createDocumentFragment();
      fragment.append(...inert.body.childNodes);
      target.replaceChildren(document.adoptNode(fragment));
      return [native, observer.takeRecords().length];
    },
    always: [1, 1],
  },
  {
    id: 'own-script-removed',
    statement: 'a script that removes its own element while it runs leaves no trace in the document',
    head: '<script>document.currentScript.remove(); globalThis.after = document.querySelectorAll("script").length</script>',
    // The prelude's own script is the one that is left.
    measure: () => globalThis.after,
    always: 1,
  },
  {
    id: 'cookie-store',
    statement: 'cookieStore exists',
    measure: () => 'cookieStore' in window,
    always: true,
  },
  {
    id: 'navigation-api',
    statement: 'the Navigation API exists',
    measure: () => typeof navigation?.navigate === 'function',
    always: true,
  },
  {
    id: 'sockets',
    statement: 'the sockets that a page can open past the worker: WebSocketStream is in Chromium alone',
    measure: () =>
      ['WebSocket', 'WebSocketStream', 'WebTransport', 'RTCPeerConnection'].filter((name) => name in window),
    expected: {
      chromium: ['WebSocket', 'WebSocketStream', 'WebTransport', 'RTCPeerConnection'],
      firefox: ['WebSocket', 'WebTransport', 'RTCPeerConnection'],
    },
  },
];
