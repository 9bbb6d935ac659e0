/** Which realms that a page makes have its worker, and which are on their own. */

/** In a frame's window: a fetch of a real URL and of a scoped one. Neither has to succeed. */
const askFrom = `
globalThis.askFrom = async (window, id) => {
  const { fetch } = window;
  await fetch(fact.site + 'real.txt', { mode: 'no-cors' }).catch(() => {});
  await fetch(fact.route('xhr', 'scoped.txt')).catch(() => {});
  return [await fact.where(id + '/real.txt'), await fact.where(id + '/scoped.txt')];
};`;
const helper = `<script>${askFrom}</script>`;
const uncontrolled = { chromium: ['network', 'static host'], firefox: ['worker', 'worker'] };

export const realms = [
  {
    id: 'blank-frame',
    statement:
      'fetches of an about:blank frame go past the worker in Chromium, real and scoped; Firefox gives it the worker',
    head: helper,
    body: '<iframe></iframe>',
    measure: () => askFrom(document.querySelector('iframe').contentWindow, 'blank-frame'),
    expected: uncontrolled,
  },
  {
    id: 'blank-frame-image',
    statement: 'so do its subresources',
    body: '<iframe></iframe>',
    measure: () => {
      const { contentDocument } = document.querySelector('iframe');
      fact.append('img', { src: `${fact.site}x.png` }, contentDocument.body);
      return fact.where('blank-frame-image/x.png');
    },
    expected: { chromium: 'network', firefox: 'worker' },
  },
  {
    id: 'opened-document',
    statement: 'so do those of a document that document.open() and write made in it',
    head: helper,
    body: '<iframe></iframe>',
    measure: async () => {
      const { contentDocument, contentWindow } = document.querySelector('iframe');
      contentDocument.open();
      contentDocument.write(`<img src="${fact.site}x.png">`);
      contentDocument.close();
      return [await fact.where('opened-document/x.png'), ...(await askFrom(contentWindow, 'opened-document'))];
    },
    expected: { chromium: ['network', 'network', 'static host'], firefox: ['worker', 'worker', 'worker'] },
  },
  {
    id: 'blob-frame',
    statement: 'so do those of a blob: frame',
    head: helper,
    measure: async () => {
      const url = URL.createObjectURL(new Blob([`<img src="${fact.site}x.png">`], { type: 'text/html' }));
      const frame = fact.append('iframe', { src: url });
      await fact.event(frame, 'load');
      return [await fact.where('blob-frame/x.png'), ...(await askFrom(frame.contentWindow, 'blob-frame'))];
    },
    expected: { chromium: ['network', 'network', 'static host'], firefox: ['worker', 'worker', 'worker'] },
  },
  {
    id: 'javascript-frame',
    statement: 'those of a javascript: frame go past the worker in both',
    measure: () => {
      fact.append('iframe', { src: `javascript:'<img src="${fact.site}x.png">'` });
      return fact.where('javascript-frame/x.png');
    },
    always: 'network',
  },
  {
    id: 'srcdoc-frame',
    statement: 'a srcdoc frame is controlled',
    head: helper,
    body: '<iframe srcdoc="<p>x"></iframe>',
    measure: async () => askFrom(document.querySelector('iframe').contentWindow, 'srcdoc-frame'),
    always: ['worker', 'worker'],
  },
  {
    id: 'blank-window',
    statement: 'an about:blank window of window.open is on its own in both',
    head: helper,
    measure: async () => {
      const opened = window.open('about:blank');
      const places = await askFrom(opened, 'blank-window');
      opened.close();
      return places;
    },
    always: ['network', 'static host'],
  },
  {
    id: 'guarded-blank-frame',
    statement:
      "a meta CSP (default-src 'self' blob: data:) put first into an about:blank frame keeps real URLs from every host",
    body: '<iframe></iframe>',
    measure: async () => {
      const { contentDocument, contentWindow } = document.querySelector('iframe');
      const policy = "default-src 'self' blob: data: 'unsafe-inline' 'unsafe-eval'";
      const meta = contentDocument.createElement('meta');
      meta.httpEquiv = 'Content-Security-Policy';
      meta.content = policy;
      contentDocument.head.append(meta);
      fact.append('img', { src: `${fact.site}x.png` }, contentDocument.body);
      fact.append('link', { rel: 'stylesheet', href: `${fact.site}x.css` }, contentDocument.body);
      await contentWindow.fetch(`${fact.site}x.txt`).catch(() => {});
      return fact.where('guarded-blank-frame/x.', 700);
    },
    always: 'nowhere',
  },
  {
    id: 'blank-frame-blobs',
    statement: 'in it, images, scripts and styles from blob: URLs of the parent load',
    body: '<iframe></iframe>',
    measure: async () => {
      const { contentDocument, contentWindow } = document.querySelector('iframe');
      const blob = (text, type) => URL.createObjectURL(new Blob([text], { type }));
      const script = fact.append(
        'script',
        { src: blob('globalThis.ran = true', 'text/javascript') },
        contentDocument.body,
      );
      await fact.event(script, 'load', 'error');
      const sheet = fact.append(
        'link',
        { rel: 'stylesheet', href: blob('p{color:red}', 'text/css') },
        contentDocument.head,
      );
      await fact.event(sheet, 'load', 'error');
      return [contentWindow.ran ?? false, sheet.sheet?.cssRules.length ?? 0];
    },
    always: [true, 1],
  },
  {
    id: 'blob-worker',
    statement: 'a classic blob: worker is controlled: its fetch and its synchronous XMLHttpRequest reach the worker',
    measure: async () => {
      const source = `fetch('${fact.site}fetch.txt').catch(() => {}).then(() => {
        const request = new XMLHttpRequest();
        request.open('GET', '${fact.site}sync.txt', false);
        request.send();
      }).catch(() => {}).then(() => postMessage('done'))`;
      const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
      await fact.event(worker, 'message');
      worker.terminate();
      return [await fact.where('blob-worker/fetch.txt'), await fact.where('blob-worker/sync.txt')];
    },
    always: ['worker', 'worker'],
  },
  {
    id: 'blocked-client',
    statement:
      'clients.get answers for a worker that waits in a synchronous XMLHttpRequest in Chromium, and never in Firefox',
    measure: async () => {
      const source = `const request = new XMLHttpRequest();
        request.open('GET', '${fact.site}sync.txt', false);
        request.send();
        postMessage(request.status)`;
      const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
      await fact.event(worker, 'message');
      worker.terminate();
      const { hasClientId, clientUrl } = await fact.seen('blocked-client/sync.txt');
      return [hasClientId, clientUrl?.startsWith('blob:') ?? null];
    },
    expected: { chromium: [true, true], firefox: [true, null] },
  },
  {
    id: 'blob-module-worker',
    statement: 'a module blob: worker is controlled: its fetch and its import() reach the worker',
    resources: { 'm.js': { body: 'export default 1' } },
    measure: async () => {
      const source = `fetch('${fact.site}fetch.txt').catch(() => {}).then(() => import('${fact.site}m.js')).catch(() => {}).then(() => postMessage('done'))`;
      const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }));
      const worker = new Worker(url, { type: 'module' });
      await fact.event(worker, 'message');
      worker.terminate();
      return [await fact.where('blob-module-worker/fetch.txt'), await fact.where('blob-module-worker/m.js')];
    },
    always: ['worker', 'worker'],
  },
  {
    id: 'data-worker',
    statement: 'a data: worker is not controlled in either',
    measure: async () => {
      const source = `fetch('${fact.site}x.txt', { mode: 'no-cors' }).catch(() => {})`;
      new Worker(`data:text/javascript,${encodeURIComponent(source)}`);
      return fact.where('data-worker/x.txt');
    },
    always: 'network',
  },
  {
    id: 'data-frame',
    statement: 'a data: frame is not controlled in either',
    measure: () => {
      fact.append('iframe', { src: `data:text/html,<img src="${fact.site}x.png">` });
      return fact.where('data-frame/x.png');
    },
    always: 'network',
  },
  {
    id: 'sandboxed-scoped',
    statement:
      'a sandboxed frame without allow-same-origin at a scoped URL is not controlled: even its document meets the static host',
    resources: { 'frame.html': { body: '<img src="{site}x.png">' } },
    measure: () => {
      fact.append('iframe', { sandbox: 'allow-scripts', src: fact.route('html', 'frame.html') });
      return fact.where('sandboxed-scoped/frame.html');
    },
    expected: { chromium: 'static host', firefox: 'static host' },
  },
  {
    id: 'sandboxed-same-origin-scoped',
    statement: 'with allow-same-origin it is controlled, document and subresources',
    resources: { 'frame.html': { body: '<img src="{site}x.png">' } },
    measure: async () => {
      fact.append('iframe', { sandbox: 'allow-scripts allow-same-origin', src: fact.route('html', 'frame.html') });
      return [
        await fact.where('sandboxed-same-origin-scoped/frame.html'),
        await fact.where('sandboxed-same-origin-scoped/x.png'),
      ];
    },
    always: ['worker', 'worker'],
  },
  {
    id: 'sandboxed-srcdoc',
    statement: 'a sandboxed srcdoc frame without allow-same-origin is not controlled',
    measure: () => {
      fact.append('iframe', { sandbox: 'allow-scripts', srcdoc: `<img src="${fact.site}x.png">` });
      return fact.where('sandboxed-srcdoc/x.png');
    },
    always: 'network',
  },
  {
    id: 'sandboxed-same-origin-srcdoc',
    statement: 'with allow-same-origin it is controlled in Chromium, and not in Firefox',
    measure: () => {
      fact.append('iframe', { sandbox: 'allow-scripts allow-same-origin', srcdoc: `<img src="${fact.site}x.png">` });
      return fact.where('sandboxed-same-origin-srcdoc/x.png');
    },
    expected: { chromium: 'worker', firefox: 'network' },
  },
];
