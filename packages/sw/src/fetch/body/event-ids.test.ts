import { expect, it } from 'vitest';
import { createTestWorker, fetchEvent, headerOf, route } from '../fetch.test-support.js';
import { handleFetch } from '../handle-fetch.js';

const page = { id: 'page', url: route('https://a.test/page') };
const headers = { accept: 'text/event-stream' };
const source = (url: string, init = {}) =>
  fetchEvent(url, { clientId: 'page', mode: 'cors', cache: 'no-store', headers, ...init });

function create(text: string, cut = text.length) {
  const bytes = new TextEncoder().encode(text);
  return createTestWorker({
    clients: [page],
    answer: () => ({
      headers: [['Content-Type', 'text/event-stream']],
      body: new ReadableStream({
        start(controller) {
          for (let index = 0; index < bytes.length; index += cut) controller.enqueue(bytes.slice(index, index + cut));
          controller.close();
        },
      }),
    }),
  });
}

/** The header of a second connection, after the whole of the first. */
async function asksAgainWith(text: string, cut?: number): Promise<string | undefined> {
  const { services, sent } = create(text, cut);
  const first = await handleFetch(source('https://a.test/events'), services);
  expect(await first.text()).toBe(text);
  await handleFetch(source('https://a.test/events'), services);
  return headerOf(sent[1], 'last-event-id');
}

it.each([
  ['data: x\n\n', undefined],
  ['id: 1\ndata: x\n\n', '1'],
  ['id: 1\ndata: x\n\nid:2\r\ndata: y\r\n\r\n', '2'],
  ['id: 1\ndata: x\n\nid: 2\ndata: cut off', '1'],
  ['id: 1\n\nid\n\n', undefined],
  ['id: 1\n\nid: \0\n\n', '1'],
  ['id: 1\n\nidea: 2\n\n', '1'],
  ['id: …\n\n', '\xe2\x80\xa6'],
  [`id: ${'9'.repeat(5000)}\n\n`, undefined],
])('after %j the source asks with %j, wherever the stream is cut', async (text, id) => {
  expect(await asksAgainWith(text)).toBe(id);
  expect(await asksAgainWith(text, 1)).toBe(id);
});

it('keeps sources apart, and forgets one that its page closes', async () => {
  const { services, sent } = create('id: 1\n\nid: 2\n\n', 7);
  await (await handleFetch(source('https://a.test/events'), services)).text();
  await handleFetch(source('https://a.test/others'), services);
  expect(headerOf(sent[1], 'last-event-id')).toBeUndefined();
  const again = await handleFetch(source('https://a.test/events'), services);
  expect(headerOf(sent[2], 'last-event-id')).toBe('2');
  await again.body!.cancel();
  await handleFetch(source('https://a.test/events'), services);
  expect(headerOf(sent[3], 'last-event-id')).toBeUndefined();
});

it('leaves a stream that a script fetches to the script', async () => {
  const { services, sent } = create('id: 1\n\n');
  for (let count = 0; count < 2; count += 1)
    await (await handleFetch(source('https://a.test/events', { cache: 'default' }), services)).text();
  expect(headerOf(sent[1], 'last-event-id')).toBeUndefined();
});
