/** @module What WebRTC reaches past the service worker, by the option `webRtc`. */
import dgram from 'node:dgram';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test as base } from './support/state-fixture.js';

declare const webkitRTCPeerConnection: typeof RTCPeerConnection;

/** What listens for a TURN server's TCP, which it closes at once, and for a STUN server's UDP, which it leaves unanswered. */
interface Outside {
  turn: string;
  stun: string;
  reached: Set<string>;
}

const test = base.extend<{ outside: Outside }>({
  outside: async ({}, use) => {
    const reached = new Set<string>();
    const tcp = net.createServer((socket) => {
      reached.add('turn');
      socket.destroy();
    });
    const udp = dgram.createSocket('udp4').on('message', () => reached.add('stun'));
    tcp.listen(0, '127.0.0.1');
    udp.bind(0, '127.0.0.1');
    await Promise.all([once(tcp, 'listening'), once(udp, 'listening')]);
    const turn = `turn:127.0.0.1:${(tcp.address() as AddressInfo).port}?transport=tcp`;
    await use({ turn, stun: `stun:127.0.0.1:${udp.address().port}`, reached });
    tcp.close();
    udp.close();
  },
});

/** Begins to gather; what is found comes to stand in the result, and `done` at the end. */
async function gather(page: Page, { turn, stun }: Outside): Promise<() => Promise<string[]>> {
  await page.evaluate(
    async ([turn, stun]) => {
      const found = ((window as any).found = [] as string[]);
      const iceServers = [{ urls: turn!, username: 'u', credential: 'c' }, { urls: stun! }];
      // A pool is filled before anything is asked for.
      const connection = new webkitRTCPeerConnection({ iceServers, iceCandidatePoolSize: 1 });
      connection.setConfiguration({ iceServers, iceCandidatePoolSize: 1 });
      connection.onicecandidate = ({ candidate }) => found.push(candidate ? candidate.type! : 'done');
      connection.createDataChannel('data');
      await connection.setLocalDescription();
    },
    [turn, stun],
  );
  return () => page.evaluate(() => (window as any).found as string[]);
}

const open = async (state: { sites: Record<string, unknown>; open(url: string): Promise<Page> }, query: string) => {
  const url = `https://site.example/${query}`;
  state.sites[url] = '<!doctype html><body>';
  return state.open(url);
};

test('reaches nothing and finds no candidate where nothing is said', async ({ state, outside }) => {
  const page = await open(state, '');
  await expect.poll(await gather(page, outside)).toEqual(['done']);
  expect(outside.reached).toEqual(new Set());
});

test('reaches TURN servers alone where that is allowed', async ({ state, outside }) => {
  const page = await open(state, '?web-rtc=relay');
  await expect.poll(await gather(page, outside)).toEqual(['done']);
  expect(outside.reached).toEqual(new Set(['turn']));
});

test('is the browser’s own where all is allowed', async ({ state, outside }) => {
  const page = await open(state, '?web-rtc=allow');
  await expect.poll(await gather(page, outside)).toContain('host');
  await expect.poll(() => outside.reached).toEqual(new Set(['turn', 'stun']));
});

test('shows a page the configuration that it gave, and the engine’s errors', async ({ state }) => {
  const page = await open(state, '');
  const facts = () =>
    page.evaluate(() => {
      const thrown = (make: () => unknown) => {
        try {
          make();
          return 'nothing';
        } catch (error) {
          return `${(error as Error).name}: ${(error as Error).message}`;
        }
      };
      const connection = new RTCPeerConnection({
        iceServers: [{ urls: 'stun:stun.example' }],
        bundlePolicy: 'max-bundle',
      });
      const before = connection.getConfiguration();
      connection.setConfiguration({ ...before, iceTransportPolicy: 'relay', iceServers: [] });
      return {
        before,
        after: connection.getConfiguration(),
        none: new RTCPeerConnection().getConfiguration(),
        alias: webkitRTCPeerConnection === RTCPeerConnection,
        text: [String(RTCPeerConnection), RTCPeerConnection.name, RTCPeerConnection.length],
        instance: connection instanceof RTCPeerConnection && connection.constructor === RTCPeerConnection,
        subclass: new (class Own extends RTCPeerConnection {})().constructor.name,
        thrown: [
          thrown(() => new RTCPeerConnection({ iceServers: [{ urls: 'http://stun.example' }] })),
          thrown(() => new RTCPeerConnection({ iceServers: [{ urls: 'turn:turn.example' }] })),
          thrown(() => new (RTCPeerConnection as any)(1)),
          thrown(() => (RTCPeerConnection as any)()),
          thrown(() => connection.setConfiguration({ bundlePolicy: 'max-compat' })),
        ],
      };
    });
  const proxied = await facts();
  await page.goto(state.origin);
  expect(proxied).toEqual(await facts());
});
