import { expect, it } from 'vitest';
import { createUnpackTransform, pack, packMessage, Transform } from './index.js';
import { Transform as NodePacking } from './tunnel/index.js';
import { bytesOf, textOf } from './vectors.test-support.js';

const address = { family: 'IPv4', address: '127.0.1.1', port: 4321 };

async function readAll<T>(stream: any): Promise<T[]> {
  const all: T[] = [];
  for await (const each of stream) {
    all.push(each);
  }
  return all;
}

function source(chunks: Uint8Array[]): any {
  return new (globalThis as any).ReadableStream({
    start(controller: any) {
      chunks.forEach((chunk) => controller.enqueue(chunk));
      controller.close();
    },
  });
}

it('packs each chunk of a stream into one message', async () => {
  const packed = await readAll<Uint8Array>(
    source([bytesOf('one'), bytesOf('two')]).pipeThrough(Transform.create({ address, service: 'https' })),
  );
  expect(packed).toEqual(['one', 'two'].map((text) => pack({ ...address, service: 'https' }, bytesOf(text))));
});

it('packs with a Transform of Node the same', async () => {
  const transform = NodePacking.create({
    address: { ...address },
    service: 'https',
    serviceport: 443,
    name: 'a.example',
  });
  transform.write('one');
  transform.end('two');
  const packed = Buffer.concat(await readAll<Buffer>(transform));
  const full = { ...address, service: 'https', serviceport: 443, name: 'a.example' };
  expect(packed).toEqual(Buffer.concat([pack(full, bytesOf('one')), pack(full, bytesOf('two'))]));
});

it('fails a Transform of Node with the typed error', async () => {
  const transform = NodePacking.create({ address: { ...address, name: 'a,b' } });
  transform.write('one');
  await expect(readAll(transform)).rejects.toMatchObject({ code: 'M_PROXY_COMMA_IN_FIELD' });
});

it('unpacks a stream into events', async () => {
  const stream = [packMessage(address, undefined, 'connection'), packMessage(address, bytesOf('data'))];
  const events = await readAll<any>(source(stream).pipeThrough(createUnpackTransform()));
  expect(events.map(({ event }) => event)).toEqual(['connection', 'message']);
  expect(textOf(events[1].message.data)).toBe('data');
});

it('errors the stream that is none, or ends too early', async () => {
  await expect(readAll(source([bytesOf('GET /')]).pipeThrough(createUnpackTransform()))).rejects.toMatchObject({
    code: 'M_PROXY_BAD_VERSION',
  });
  const cut = packMessage(address, bytesOf('data')).subarray(0, -1);
  await expect(readAll(source([cut]).pipeThrough(createUnpackTransform()))).rejects.toMatchObject({
    code: 'M_PROXY_TRUNCATED',
  });
});
