/**
 * @module
 * Bodies over time: what is sent piece by piece arrives so, what nobody wants any more stops, and nothing piles up on the way.
 */
import assert from 'node:assert/strict';
import { delay, eventually } from '../support/raw.mjs';
import { succeeds } from './assertions.mjs';

/** Whether the exchange ended at the remote within a second of the abort. */
async function endsSoon(seen, since) {
  const at = await Promise.race([seen.closed, delay(3000).then(() => Infinity)]);
  return at - since;
}

export const streamCases = [
  {
    id: 'abort/before',
    row: 'abort before, waiting, in the body',
    // An abort may take a server along.
    isOwnServer: true,
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => response.end('unwanted'));
      const answer = await cell.fetch({ url: route.url, abort: 'before' });
      return { answer, count: route.requests.length };
    },
    expect({ answer, count }) {
      assert.equal(answer.error?.name, 'AbortError');
      assert.equal(count, 0);
    },
  },
  {
    id: 'abort/waiting for the head',
    row: 'abort before, waiting, in the body',
    // An abort may take a server along.
    isOwnServer: true,
    async observe(cell) {
      const route = cell.origin.serve(() => undefined);
      const answer = await cell.fetch({ url: route.url, abort: 500 });
      const aborted = performance.now();
      return {
        answer,
        count: route.requests.length,
        after: route.requests[0] && (await endsSoon(route.requests[0], aborted)),
      };
    },
    expect({ answer, count, after }) {
      assert.equal(answer.error?.name, 'AbortError');
      assert.equal(count, 1);
      assert.ok(after < 1000, `the remote learnt of it after ${after} ms`);
    },
  },
  {
    id: 'abort/in the body',
    row: 'abort before, waiting, in the body',
    // An abort may take a server along.
    isOwnServer: true,
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => {
        response.write('first');
        const timer = setInterval(() => response.write('more'), 50);
        response.on('close', () => clearInterval(timer));
      });
      const answer = await cell.fetch({ url: route.url, abort: 'body' });
      const aborted = performance.now();
      return { answer, after: await endsSoon(route.requests[0], aborted) };
    },
    expect({ answer, after }) {
      assert.equal(answer.error?.name, 'AbortError');
      assert.ok(after < 1000, `the remote learnt of it after ${after} ms`);
    },
  },
  {
    id: 'abort/in the upload',
    row: 'abort in the upload',
    // An abort may take a server along.
    isOwnServer: true,
    engines: ['node'],
    async observe(cell) {
      const route = cell.origin.serve((_request, _response, _seen) => undefined);
      const stream = Array.from({ length: 100 }, (_, index) => `piece ${index} `.repeat(2000));
      const answer = await cell.fetch({
        url: route.url,
        method: 'POST',
        body: { stream, every: 20 },
        duplex: 'half',
        abort: 300,
      });
      const aborted = performance.now();
      const seen = route.requests[0];
      return { answer, hadBegun: seen?.body.length > 0, after: seen && (await endsSoon(seen, aborted)) };
    },
    expect({ answer, hadBegun, after }) {
      assert.equal(answer.error?.name, 'AbortError');
      assert.ok(hadBegun, 'the upload had not begun');
      assert.ok(after < 1000, `the remote learnt of it after ${after} ms`);
    },
  },
  {
    id: 'stream/down',
    row: 'events arrive when they are sent',
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        let count = 0;
        const timer = setInterval(() => {
          response.write(`data: ${++count}\n\n`);
          if (count === 3) {
            clearInterval(timer);
            response.end();
          }
        }, 150);
      });
      return cell.fetch({ url: route.url });
    },
    expect(answer) {
      succeeds(answer);
      assert.equal(answer.text, 'data: 1\n\ndata: 2\n\ndata: 3\n\n');
      // Two of them may meet on a busy machine.
      assert.ok(answer.arrivals.length >= 2, 'came in one piece');
      assert.ok(answer.arrivals.at(-1) - answer.arrivals[0] > 120, 'came at once');
    },
  },
  {
    id: 'stream/head before body',
    row: 'events arrive when they are sent',
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.flushHeaders();
        setTimeout(() => response.end('late'), 500);
      });
      return cell.fetch({ url: route.url });
    },
    expect(answer) {
      assert.equal(answer.text, 'late');
      assert.ok(answer.headAt < 400, `the head came after ${answer.headAt} ms`);
    },
  },
  {
    id: 'stream/up',
    row: 'an upload streams',
    // Browsers do it over HTTP/2 alone.
    engines: ['node'],
    async observe(cell) {
      const arrivals = [];
      const route = cell.origin.serve((request, response, _seen) => {
        request.on('data', () => arrivals.push(performance.now()));
        request.on('end', () => response.end('got it'));
      });
      const answer = await cell.fetch({
        url: route.url,
        method: 'POST',
        body: { stream: ['one ', 'two ', 'three'], every: 150 },
        duplex: 'half',
      });
      return { answer, arrivals, body: String(route.requests[0]?.body) };
    },
    expect({ answer, arrivals, body }) {
      succeeds(answer);
      assert.equal(body, 'one two three');
      assert.ok(arrivals.at(-1) - arrivals[0] > 200, 'came at once');
    },
  },
  {
    id: 'stream/up, collected',
    row: 'an upload of a stream arrives whole',
    async observe(cell) {
      const route = cell.origin.serve((_request, response) => response.end('got it'));
      const body = { stream: ['one ', 'two ', 'three'], every: 10 };
      // The platform's own Request asks for `duplex`; ours does without.
      const answer = await cell.fetch({
        url: route.url,
        method: 'POST',
        body,
        duplex: cell.client === 'ours' ? undefined : 'half',
      });
      return { answer, body: String(route.requests[0]?.body) };
    },
    expect({ answer, body }) {
      succeeds(answer);
      assert.equal(body, 'one two three');
    },
  },
  {
    id: 'memory/100 MB down',
    row: '100 MB in flat memory, both ways',
    engines: ['node'],
    limit: 30_000,
    async observe(cell) {
      const piece = Buffer.alloc(64 * 1024, 'a');
      const route = cell.origin.serve((_request, response) => {
        let left = 1600;
        const more = () => {
          while (left-- > 0) if (!response.write(piece)) return void response.once('drain', more);
          response.end();
        };
        more();
      });
      const before = await cell.server.usage();
      let peak = 0;
      const watch = setInterval(async () => (peak = Math.max(peak, (await cell.server.usage()).memory)), 100);
      const answer = await cell.fetch({ url: route.url });
      clearInterval(watch);
      return { answer: { error: answer.error, length: answer.length }, growth: (peak - before.memory) / 1e6 };
    },
    expect({ answer, growth }) {
      succeeds(answer);
      assert.equal(answer.length, 1600 * 64 * 1024);
      assert.ok(growth < 60, `the server grew by ${growth} MB`);
    },
  },
  {
    id: 'memory/100 MB up',
    row: '100 MB in flat memory, both ways',
    engines: ['node'],
    limit: 30_000,
    async observe(cell) {
      let length = 0;
      const route = cell.origin.serve((request, response, seen) => {
        seen.isUnread = true;
        request.on('data', (chunk) => (length += chunk.length));
        request.on('end', () => response.end('got it'));
      });
      const before = await cell.server.usage();
      let peak = 0;
      const watch = setInterval(async () => (peak = Math.max(peak, (await cell.server.usage()).memory)), 100);
      const answer = await cell.fetch({ url: route.url, method: 'POST', body: { length: 100 << 20 } });
      clearInterval(watch);
      return { answer, length, growth: (peak - before.memory) / 1e6 };
    },
    expect({ answer, length, growth }) {
      succeeds(answer);
      assert.equal(length, 100 << 20);
      assert.ok(growth < 60, `the server grew by ${growth} MB`);
    },
  },
  {
    id: 'backpressure/down',
    row: 'backpressure reaches the remote',
    engines: ['node'],
    clients: ['ours', 'client-2.1.0', 'client-1.1.1'],
    async observe(cell) {
      const piece = Buffer.alloc(64 * 1024, 'a');
      let sent = 0;
      const route = cell.origin.serve((_request, response) => {
        const more = () => {
          while (sent < 200e6 && !response.destroyed) {
            sent += piece.length;
            if (!response.write(piece)) return void response.once('drain', more);
          }
        };
        more();
      });
      // Reads a little, then nothing, while the remote could send 200 MB.
      const reading = cell.fetch({ url: route.url, hold: 700 });
      await eventually(() => sent > 0);
      await delay(600);
      const sentUnread = sent;
      await reading;
      return { sentUnread };
    },
    expect({ sentUnread }) {
      assert.ok(sentUnread < 30e6, `the remote could send ${sentUnread / 1e6} MB to a caller that reads nothing`);
    },
  },
];
