registerProcessor(
  'own',
  class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.port.postMessage(
        [
          typeof location,
          typeof fetch,
          Object.prototype.toString.call(globalThis),
          new Error().stack
            .split('\n')[1]
            .replace(/:\d+:\d+/, '')
            .trim(),
        ].join(),
      );
    }
    process() {
      return false;
    }
  },
);
