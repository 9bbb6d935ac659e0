/** What a fact's page has at hand while it measures. Runs first in the document; `places` is set before it. */
globalThis.fact = {
  ...globalThis.places,

  /** Everything that was asked for under a URL that contains the name: by the worker, the network, the static host. */
  async log(name) {
    const response = await fetch(`${location.origin}/~/log?name=${encodeURIComponent(name)}`);
    return response.json();
  },

  /** Which of them was asked, once one of them was; "nowhere" when none is within the time. */
  async where(name, time = 1500) {
    const end = performance.now() + time;
    for (;;) {
      const log = await this.log(name);
      const places = Object.keys(log).filter((place) => log[place].length > 0);
      if (places.length > 0) return places.join(' and ');
      if (performance.now() > end) return 'nowhere';
      await this.sleep(50);
    }
  },

  /** The fetch event of the one request with this name, once there is one. */
  async seen(name, time = 3000) {
    const end = performance.now() + time;
    for (;;) {
      const { worker } = await this.log(name);
      if (worker.length > 0) return worker[0];
      if (performance.now() > end) throw new Error(`the worker saw no ${name}`);
      await this.sleep(30);
    }
  },

  sleep: (time) => new Promise((resolve) => setTimeout(resolve, time)),

  /** The first of the events to arrive. */
  event(target, ...types) {
    return new Promise((resolve, reject) => {
      for (const type of types) target.addEventListener(type, resolve, { once: true });
      setTimeout(() => reject(new Error(`no ${types.join(' or ')} event`)), 4000);
    });
  },

  /** Waits until a function gives something. */
  async until(get, time = 3000) {
    const end = performance.now() + time;
    for (;;) {
      const value = get();
      if (value !== undefined && value !== null && value !== false) return value;
      if (performance.now() > end) throw new Error('it did not come to be');
      await this.sleep(20);
    }
  },

  /** Makes an element with attributes, appends it to the body (or the given parent) and returns it. */
  append(name, attributes = {}, parent = document.body) {
    const element = parent.ownerDocument.createElement(name);
    for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
    parent.append(element);
    return element;
  },

  /** A scoped URL for something of the site. */
  route(asset, url) {
    return `${location.origin}/service/${asset}/${encodeURIComponent(new URL(url, this.site).href)}`;
  },

  /** The name of what a function throws or rejects with, or "no error". */
  async errorOf(run) {
    try {
      await run();
      return 'no error';
    } catch (error) {
      return error.name;
    }
  },
};
