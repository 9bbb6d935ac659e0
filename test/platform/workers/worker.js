const orders = {
  who: () => [
    location.href,
    location.origin,
    location.pathname,
    self.origin,
    self.name,
    String(location),
    location.hash,
    self.location === location,
    isSecureContext,
    typeof top,
    typeof window,
  ],
  fetch: async () => {
    const { referer, origin, ...rest } = await (await fetch('/~/echo', { method: 'POST', body: 'x' })).json();
    return [referer, origin, rest['sec-fetch-site'], (await fetch('imported.js')).url, new Request('x').url];
  },
  xhr: () =>
    new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.open('GET', 'imported.js');
      xhr.onload = () => resolve([xhr.status, xhr.responseURL]);
      xhr.send();
    }),
  sync: () => {
    const xhr = new XMLHttpRequest();
    xhr.open('GET', '/~/echo', false);
    xhr.send();
    return [xhr.status, xhr.responseURL, JSON.parse(xhr.responseText).referer];
  },
  imports: () => {
    importScripts('imported.js', '/workers/imported.js?2');
    const seen = [self.imported, self.count];
    try {
      importScripts('none.js');
    } catch (error) {
      seen.push(error.name, error.message);
    }
    try {
      importScripts('http://[');
    } catch (error) {
      seen.push(error.name, error.message);
    }
    return seen;
  },
  nested: async () => {
    const inner = new Worker('worker.js?inner');
    const answer = new Promise((resolve) => (inner.onmessage = resolve));
    inner.postMessage('who');
    const { data } = await answer;
    inner.terminate();
    return data;
  },
  'nested blob': async () => {
    const inner = new Worker(URL.createObjectURL(new Blob(['postMessage([self.origin, location.protocol].join())'])));
    const { data } = await new Promise((resolve) => (inner.onmessage = resolve));
    inner.terminate();
    return data;
  },
  cookies: async () => [typeof document, (await (await fetch('/~/echo')).json()).cookie === undefined],
  names: () => Object.getOwnPropertyNames(self).filter((name) => /^(cv|culvert)/.test(name)),
  stack: () => new Error('x').stack.replace(/:\d+:\d+/g, ''),
  globals: () =>
    [
      'location',
      'self',
      'navigator',
      'name',
      'onmessage',
      'postMessage',
      'importScripts',
      'caches',
      'indexedDB',
      'fetch',
      'origin',
      'crypto',
    ].map((name) => {
      for (let holder = self; holder; holder = Object.getPrototypeOf(holder))
        if (Object.hasOwn(holder, name)) return `${name} of ${holder[Symbol.toStringTag]}`;
      return 'none';
    }),
  text: () =>
    [
      importScripts,
      postMessage,
      fetch,
      Worker,
      setTimeout,
      Object.getOwnPropertyDescriptor(WorkerGlobalScope.prototype, 'location').get,
      orders.who,
    ].map((value) => String(value).slice(0, 80)),
  'import()': async () => [
    (await import('./dependency.js')).url,
    await import('./none.js').catch((error) => error.message),
  ],
  eval: () => [
    eval('location.href'),
    (0, eval)('self.origin'),
    Function('return location.pathname')(),
    eval('typeof top'),
  ],
  database: async () => (await indexedDB.databases()).length,
  socket: async () => {
    const socket = new WebSocket(`ws://${location.host}/~/socket`);
    const { data, origin } = await new Promise((resolve) => (socket.onmessage = resolve));
    socket.close();
    return [JSON.parse(data).origin, origin, socket.url];
  },
  'error url': () => {
    try {
      null.x;
    } catch (error) {
      return error.stack.split('\n')[1].replace(/:\d+:\d+/, '');
    }
    return 'none';
  },
  throw: () =>
    setTimeout(() => {
      throw new Error('of a worker');
    }),
};
onmessage = async ({ data }) => {
  const result = await orders[data]();
  if (data !== 'throw') postMessage(JSON.stringify(result));
};
