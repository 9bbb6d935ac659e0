/** What a page may not do with a real URL, or does past the worker: each is a class that needs a scoped URL or a hook. */
export const blocked = [
  {
    id: 'object-and-embed',
    statement: '<object> and <embed> at real URLs never reach the worker',
    body: '<object data="object.svg" type="image/svg+xml"></object><embed src="embed.svg" type="image/svg+xml">',
    measure: async () => [await fact.where('object-and-embed/object'), await fact.where('object-and-embed/embed')],
    always: ['network', 'network'],
  },
  {
    id: 'sync-xhr-real',
    statement: 'a synchronous XMLHttpRequest of a document goes past the worker in Chromium, and reaches it in Firefox',
    measure: async () => {
      const request = new XMLHttpRequest();
      request.open('GET', 'x.txt', false);
      request.send();
      return fact.where('sync-xhr-real/x.txt');
    },
    expected: { chromium: 'network', firefox: 'worker' },
  },
  {
    id: 'sync-xhr-scoped',
    statement: 'so does one to a scoped URL: it meets the static host in Chromium',
    measure: async () => {
      const request = new XMLHttpRequest();
      request.open('GET', fact.route('xhr', 'x.txt'), false);
      request.send();
      return fact.where('sync-xhr-scoped/x.txt');
    },
    expected: { chromium: 'static host', firefox: 'worker' },
  },
  {
    id: 'data-and-blob',
    statement: 'data: and blob: loads never reach the worker',
    measure: async () => {
      const url = URL.createObjectURL(new Blob(['text']));
      const texts = [await (await fetch(url)).text(), await (await fetch('data:,data')).text()];
      return [texts, await fact.where('blob:', 300), await fact.where('data:,', 100)];
    },
    always: [['text', 'data'], 'nowhere', 'nowhere'],
  },
  {
    id: 'real-frame',
    statement: 'a frame at a real URL goes to the network',
    body: '<iframe src="frame.html"></iframe>',
    measure: () => fact.where('real-frame/frame.html'),
    always: 'network',
  },
  {
    id: 'real-frame-guarded',
    statement: "frame-src 'self' keeps a frame at a real URL from every host",
    headers: { 'content-security-policy': "frame-src 'self'" },
    body: '<iframe src="frame.html"></iframe>',
    measure: () => fact.where('real-frame-guarded/frame.html', 700),
    always: 'nowhere',
  },
  {
    id: 'real-object-guarded',
    statement: "object-src 'self' keeps <object> and <embed> at real URLs from every host",
    headers: { 'content-security-policy': "object-src 'self'" },
    body: '<object data="object.svg"></object><embed src="embed.svg">',
    measure: () =>
      fact.where('real-object-guarded/', 700).then(async () => (await fact.log('real-object-guarded/')).network.length),
    always: 0,
  },
  {
    id: 'real-form-guarded',
    statement: "form-action 'self' keeps a form from posting to a real URL",
    headers: { 'content-security-policy': "form-action 'self'" },
    body: '<iframe name="target"></iframe><form method="post" action="send" target="target"></form>',
    measure: async () => {
      // Firefox throws here.
      await fact.errorOf(() => document.querySelector('form').submit());
      return fact.where('real-form-guarded/send', 700);
    },
    always: 'nowhere',
  },
  {
    id: 'real-worker',
    statement:
      'Worker and SharedWorker refuse a real URL before anything is asked: Chromium throws, Firefox fires an error event',
    measure: async () => {
      const refusal = async (Kind) => {
        try {
          await fact.event(new Kind('w.js'), 'error');
          return 'error event';
        } catch (error) {
          return error.name;
        }
      };
      return [await refusal(Worker), await refusal(SharedWorker), await fact.where('real-worker/w.js', 300)];
    },
    expected: {
      chromium: ['SecurityError', 'SecurityError', 'nowhere'],
      firefox: ['error event', 'error event', 'nowhere'],
    },
  },
  {
    id: 'real-push-state',
    statement: 'history.pushState refuses a real URL with a SecurityError',
    measure: () => fact.errorOf(() => history.pushState(null, '', 'next')),
    always: 'SecurityError',
  },
  {
    id: 'external-use',
    statement: 'an external <use> at a real URL shows nothing and asks nobody',
    body: '<svg width="50" height="50"><use href="x.svg#a"/></svg>',
    resources: {
      'x.svg': { body: '<svg xmlns="http://www.w3.org/2000/svg"><rect id="a" width="40" height="30"/></svg>' },
    },
    measure: async () => [await fact.where('external-use/x.svg', 700), document.querySelector('use').getBBox().width],
    always: ['nowhere', 0],
  },
  {
    id: 'scoped-use',
    statement: 'an external <use> at a scoped URL reaches the worker and is shown',
    resources: {
      'x.svg': { body: '<svg xmlns="http://www.w3.org/2000/svg"><rect id="a" width="40" height="30"/></svg>' },
    },
    body: '<svg width="50" height="50"><use/></svg>',
    measure: async () => {
      const use = document.querySelector('use');
      use.setAttribute('href', `${fact.route('svg', 'x.svg')}#a`);
      return [await fact.where('scoped-use/x.svg'), await fact.until(() => use.getBBox().width || null)];
    },
    always: ['worker', 40],
  },
  {
    id: 'track',
    statement: 'a <track> without crossorigin does not load from a real URL, and does from a scoped one',
    body: '<video><track src="x.vtt" default></video><video class="scoped"><track></video>',
    resources: { 'x.vtt': { body: 'WEBVTT\n\n00:00.000 --> 00:01.000\nx\n' } },
    measure: async () => {
      const [real, scoped] = document.querySelectorAll('track');
      real.track.mode = 'showing';
      const realPlace = await fact.where('track/x.vtt', 700);
      scoped.src = fact.route('track', 'scoped.vtt');
      scoped.track.mode = 'showing';
      return [realPlace, await fact.where('track/scoped.vtt')];
    },
    always: ['nowhere', 'worker'],
  },
  {
    id: 'worker-scoped',
    statement: 'a module worker at a scoped URL is controlled; its relative imports resolve below the scope',
    resources: {
      'w/entry.js': {
        body: 'import("./dep.js").catch(() => {}); fetch("/rooted.txt?worker-scoped"); postMessage(location.href)',
      },
    },
    measure: async () => {
      const worker = new Worker(fact.route('worker', 'w/entry.js'), { type: 'module' });
      const { data } = await fact.event(worker, 'message');
      const { clientUrl, url } = await fact.seen('rooted.txt?worker-scoped');
      const isScoped = (address) => address.startsWith(`${location.origin}/service/worker/`);
      worker.terminate();
      const dependency = await fact.seen('service/worker/dep.js');
      return [isScoped(data), isScoped(clientUrl), url, dependency.url];
    },
    always: [true, true, 'proxy:/rooted.txt?worker-scoped', 'proxy:/service/worker/dep.js'],
  },
  {
    id: 'upgrade-insecure',
    secure: true,
    statement: 'under https: an http: fetch is blocked before the worker',
    measure: async () => [await fact.errorOf(() => fetch('x.txt')), await fact.where('upgrade-insecure/x.txt', 500)],
    always: ['TypeError', 'nowhere'],
  },
  {
    id: 'upgrade-insecure-requests',
    secure: true,
    statement:
      'with upgrade-insecure-requests the worker sees it as https:; Response.url still reads http: in Chromium alone',
    headers: { 'content-security-policy': 'upgrade-insecure-requests' },
    measure: async () => {
      const response = await fetch('x.txt');
      return [response.url, (await fact.seen('upgrade-insecure-requests/x.txt')).url];
    },
    expected: {
      chromium: ['site/x.txt', 'secure site:/upgrade-insecure-requests/x.txt'],
      firefox: ['secure site:/upgrade-insecure-requests/x.txt', 'secure site:/upgrade-insecure-requests/x.txt'],
    },
  },
  {
    id: 'upgrade-insecure-script',
    secure: true,
    statement: 'so it does for scripts; an http: script without it is blocked',
    headers: { 'content-security-policy': 'upgrade-insecure-requests' },
    head: '<script src="x.js"></script>',
    resources: { 'x.js': { body: 'globalThis.result = document.currentScript.src' } },
    measure: async () => [globalThis.result, await fact.where('upgrade-insecure-script/x.js')],
    always: ['site/x.js', 'worker'],
  },
];
