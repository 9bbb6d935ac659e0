import { expect, it, vi } from 'vitest';
import type { Persistence } from '../storage/stored-value.js';
import { answerTransportRequest } from './answer-transport-request.js';
import {
  TransportSwitch,
  type TransportChoice,
  type TransportFactory,
  type TransportOptions,
} from './transport-switch.js';

const fake =
  (body: string, requests: string[] = []): TransportFactory =>
  () => ({
    ready: true,
    init: async () => undefined,
    request: async (remote: URL) => {
      requests.push(remote.href);
      return { body, headers: [], status: 200, statusText: 'OK' };
    },
    connect: (): [() => void, () => void] => [() => undefined, () => undefined],
  });

function persistence(value: TransportChoice | null = null): Persistence<TransportChoice | null> & { value: unknown } {
  return {
    value,
    async load() {
      return (this.value as TransportChoice | null) ?? undefined;
    },
    async save(next) {
      this.value = next;
    },
  };
}

const create = (options: Partial<TransportOptions>, stored = persistence()) =>
  new TransportSwitch({ bareServer: 'https://bare.test/', transport: 'bare', transports: {}, ...options }, stored);
const get = async (transports: TransportSwitch) => (await transports.fetch('https://a.test/', {})).text();

it('takes the transport of the options, made once', async () => {
  const make = vi.fn(fake('own'));
  const transports = create({ transport: make });
  expect([await get(transports), await get(transports)]).toEqual(['own', 'own']);
  expect(make).toHaveBeenCalledOnce();
  expect(await transports.usesTransport()).toBe(true);
});

it('is no transport where there are Bare servers only', async () => {
  const transports = create({});
  expect(await transports.usesTransport()).toBe(false);
  expect(await transports.socketChannel()).toBe(null);
});

it('switches, gives the options on, and remembers both over a restart', async () => {
  const two = vi.fn(fake('two'));
  const options = { transport: 'one', transports: { one: fake('one'), two } };
  const stored = persistence();
  const transports = create(options, stored);
  expect(await get(transports)).toBe('one');
  await transports.choose({ name: 'two', options: { wisp: 'wss://w.test/' } });
  expect(await get(transports)).toBe('two');
  expect(two).toHaveBeenLastCalledWith({ wisp: 'wss://w.test/' });

  expect(await get(create(options, stored))).toBe('two');
  expect(two).toHaveBeenLastCalledWith({ wisp: 'wss://w.test/' });
});

it('stays where it is when the other does not start', async () => {
  const broken: TransportFactory = () => {
    throw new Error('no WebAssembly.');
  };
  const transports = create({ transport: 'one', transports: { one: fake('one'), broken } });
  await expect(transports.choose({ name: 'broken' })).rejects.toMatchObject({ code: 'SW_TRANSPORT_FAILED' });
  await expect(transports.choose({ name: 'three' })).rejects.toThrow('There are bare, one, broken');
  expect(await get(transports)).toBe('one');
});

it('tries again after a transport has failed to start', async () => {
  const make = vi.fn(fake('late'));
  make.mockImplementationOnce(() => Promise.reject(new Error('away.')));
  const transports = create({ transport: make });
  await expect(get(transports)).rejects.toThrow('Failed to start the transport of the options: away.');
  expect(await transports.usesTransport()).toBe(true);
  expect(await get(transports)).toBe('late');
});

it.each([
  ['a page of the site', 'https://proxy.test/settings', true],
  ['a proxied page', 'https://proxy.test/service/html/https%3A%2F%2Fa.test%2F', false],
  ['a blob: document', 'blob:https://proxy.test/x', false],
  ['an about:blank frame', 'about:blank', false],
  ['nobody', undefined, false],
])('is told by %s: %s %s', async (_who, url, ok) => {
  const choose = vi.fn(async () => undefined);
  const postMessage = vi.fn();
  const data = { culvert: 'set-transport', name: 'one', options: 1 } as const;
  await answerTransportRequest({ data, source: url && { url }, ports: [{ postMessage }] }, { choose }, '/service/');
  expect(postMessage).toHaveBeenCalledWith(expect.objectContaining({ culvert: 'transport', ok }));
  expect(choose).toHaveBeenCalledTimes(ok ? 1 : 0);
});
