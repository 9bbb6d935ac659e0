/** The Navigation API's `navigate` event, which links and forms at real URLs are caught with. */

/** Listens first, cancels everything that it can, and keeps what it saw. */
const listen = `<script nonce="prelude">
globalThis.navigations = [];
navigation.addEventListener('navigate', (event) => {
  navigations.push({
    url: event.destination.url,
    cancelable: event.cancelable,
    type: event.navigationType,
    source: event.sourceElement?.localName ?? null,
    form: event.formData ? [...event.formData.keys()].join() : null,
    hash: event.hashChange,
  });
  event.preventDefault();
});
</script>`;

export const navigation = [
  {
    id: 'navigate-link',
    statement: 'navigate fires for a click on a link with a real URL: cancelable, with the element as source',
    head: listen,
    body: '<a href="next.html">next</a>',
    measure: async () => {
      document.querySelector('a').click();
      const { url, cancelable, source } = await fact.until(() => navigations[0]);
      return [url, cancelable, source, await fact.where('navigate-link/next.html', 400)];
    },
    always: ['site/next.html', true, 'a', 'nowhere'],
  },
  {
    id: 'navigate-fragment-link',
    statement: 'navigate fires for a link with a fragment alone, with the URL that the foreign base makes of it',
    head: listen,
    body: '<a href="#part">part</a><p id="part"></p>',
    measure: async () => {
      document.querySelector('a').click();
      const { url, cancelable, source, hash } = await fact.until(() => navigations[0]);
      return [url, cancelable, source, hash];
    },
    always: ['site/page.html#part', true, 'a', false],
  },
  {
    id: 'navigate-get-form',
    statement: 'navigate fires for a GET form at a real URL, with its query, cancelable',
    head: listen,
    body: '<form action="find"><input name="q" value="a b"><button></button></form>',
    measure: async () => {
      document.querySelector('button').click();
      const { url, cancelable } = await fact.until(() => navigations[0]);
      return [url, cancelable, await fact.where('navigate-get-form/find', 400)];
    },
    always: ['site/find?q=a+b', true, 'nowhere'],
  },
  {
    id: 'navigate-post-form',
    statement: 'navigate fires for a POST form at a real URL, with its form data, cancelable',
    head: listen,
    body: '<form method="post" action="send"><input name="q" value="a"><button></button></form>',
    measure: async () => {
      document.querySelector('button').click();
      const { url, cancelable, form } = await fact.until(() => navigations[0]);
      return [url, cancelable, form, await fact.where('navigate-post-form/send', 400)];
    },
    always: ['site/send', true, 'q', 'nowhere'],
  },
  {
    id: 'navigate-location',
    statement: 'navigate fires for location.href, assign and replace with a real URL, cancelable',
    head: listen,
    measure: async () => {
      location.href = `${fact.site}href`;
      location.assign(`${fact.site}assign`);
      location.replace(`${fact.other}replace`);
      await fact.until(() => navigations[2]);
      const seen = navigations.map(({ url, cancelable, type }) => `${url} ${cancelable} ${type}`);
      return [seen, await fact.where('navigate-location/replace', 400)];
    },
    always: [['site/href true push', 'site/assign true push', 'other/replace true replace'], 'nowhere'],
  },
  {
    id: 'navigate-not-frames',
    statement: 'navigate does not fire for the src of a frame',
    head: listen,
    measure: async () => {
      const frame = fact.append('iframe', { src: fact.route('html', 'frame.html') });
      await fact.event(frame, 'load');
      return navigations.length;
    },
    always: 0,
  },
  {
    id: 'navigate-not-javascript',
    statement: 'navigate does not fire for a javascript: URL',
    head: listen,
    body: '<a href="javascript:void(globalThis.ran = true)">run</a>',
    measure: async () => {
      document.querySelector('a').click();
      await fact.until(() => globalThis.ran);
      return navigations.length;
    },
    always: 0,
  },
  {
    id: 'navigate-not-new-windows',
    statement: 'navigate does not fire for what opens in a new window: the request goes to the network',
    head: listen,
    body: '<a href="next.html" target="_blank">next</a>',
    measure: async () => {
      const opened = window.open(`${fact.site}opened.html`);
      document.querySelector('a').click();
      const places = [
        await fact.where('navigate-not-new-windows/opened.html'),
        await fact.where('navigate-not-new-windows/next.html'),
      ];
      opened?.close();
      return [navigations.length, ...places];
    },
    always: [0, 'network', 'network'],
  },
  {
    id: 'hash-native',
    statement:
      'location.hash and a native fragment work on the scoped URL, with :target and hashchange, and no request',
    body: '<p id="part"></p>',
    measure: async () => {
      const { pathname } = location;
      const changed = fact.event(window, 'hashchange');
      location.hash = 'part';
      await changed;
      return [
        location.pathname === pathname,
        document.querySelector(':target')?.id,
        (await fact.log('hash-native/page.html')).worker.length,
      ];
    },
    always: [true, 'part', 1],
  },
  {
    id: 'scoped-link',
    statement: 'a link at a scoped URL of the other origin is a same-origin navigation that a page may intercept',
    body: '<a>next</a>',
    measure: async () => {
      let seen;
      navigation.addEventListener('navigate', (event) => {
        seen = [event.canIntercept, event.cancelable];
        event.preventDefault();
      });
      const link = document.querySelector('a');
      link.href = fact.route('html', `${fact.other}next.html`);
      link.click();
      return fact.until(() => seen);
    },
    always: [true, true],
  },
  {
    id: 'formdata-action',
    statement: 'an action changed in the formdata event is too late in Chromium, and in time in Firefox',
    body: `<iframe name="target"></iframe>
      <form method="post" target="target"><input name="q" value="a"><button></button></form>`,
    measure: async () => {
      const form = document.querySelector('form');
      form.action = fact.route('html', 'old');
      form.addEventListener('formdata', () => (form.action = fact.route('html', 'new')));
      document.querySelector('button').click();
      return [await fact.where('formdata-action/old'), await fact.where('formdata-action/new', 300)];
    },
    expected: { chromium: ['worker', 'nowhere'], firefox: ['nowhere', 'worker'] },
  },
  {
    id: 'submit-action',
    statement: 'an action changed in a capturing submit listener is in time',
    body: `<iframe name="target"></iframe>
      <form method="post" target="target"><input name="q" value="a"><button></button></form>`,
    measure: async () => {
      const form = document.querySelector('form');
      form.action = `${fact.site}old`;
      window.addEventListener('submit', () => (form.action = fact.route('html', 'new')), true);
      document.querySelector('button').click();
      return [await fact.where('submit-action/new'), await fact.where('submit-action/old', 300)];
    },
    always: ['worker', 'nowhere'],
  },
];
