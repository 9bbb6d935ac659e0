/**
 * @module
 * A client: ours, the published one, or a direct fetch.
 */
import { parameter, serve } from '../child.mjs';

const { subject, module, server } = parameter();

const subjects = {
  direct: () => fetch,
  async ours() {
    const { BareClient } = await import(module);
    const client = new BareClient(server);
    return (url, init) => client.fetch(url, init);
  },
  async official() {
    const { createBareClient } = await import('@tomphttp/bare-client');
    const client = await createBareClient(server);
    return (url, init) => client.fetch(url, init);
  },
};

const send = await subjects[subject]();

serve({
  /** Requests of a small body, a number of them at a time. @returns how many, and how many a second */
  async requests({ url, milliseconds, concurrency }) {
    const end = performance.now() + milliseconds;
    const start = performance.now();
    let count = 0;
    const loop = async () => {
      while (performance.now() < end) {
        const response = await send(url);
        await response.arrayBuffer();
        count++;
      }
    };
    await Promise.all(Array.from({ length: concurrency }, loop));
    return { count, rate: (count / (performance.now() - start)) * 1000 };
  },

  /** One after the other. @returns milliseconds of each */
  async latencies({ url, count }) {
    const times = [];
    for (let index = 0; index < count; index++) {
      const start = performance.now();
      const response = await send(url);
      await response.arrayBuffer();
      times.push(performance.now() - start);
    }
    return times;
  },

  /** @returns MB a second */
  async download({ url }) {
    const start = performance.now();
    const response = await send(url);
    let length = 0;
    for await (const chunk of response.body) length += chunk.length;
    return length / 1000 / (performance.now() - start);
  },

  /** A streamed body. @returns MB a second */
  async upload({ url, length }) {
    const piece = new Uint8Array(256 * 1024).fill(0x61);
    let left = length;
    const body = new ReadableStream(
      {
        pull(controller) {
          if (left <= 0) return controller.close();
          controller.enqueue(piece.subarray(0, Math.min(left, piece.length)));
          left -= piece.length;
        },
      },
      { highWaterMark: 0 },
    );
    const start = performance.now();
    const response = await send(url, { method: 'POST', body, duplex: 'half' });
    const received = Number(await response.text());
    if (received !== length) throw new Error(`${received} of ${length} bytes arrived.`);
    return length / 1000 / (performance.now() - start);
  },
});
