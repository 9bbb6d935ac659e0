/**
 * @module
 * Where the published implementations fail, and what shows it.
 *
 * A defect is the peer's when two things hold: the cell fails in just the way that `shows` asserts, and the same case passes with ours
 * in the peer's place (`report.mjs` looks that up). A cell that passes where a defect is listed is a failure: the list is out of date.
 */
import assert from 'node:assert/strict';
import { sentHeader } from './assertions.mjs';

const types = (result) => result.events.map(({ type }) => type);

/** @type {{ id: string, peer: string, text: string, cases: (string | RegExp)[], engine?: string, versions?: string[], shows: Function }[]} */
export const peerDefects = [
  {
    id: 'C2-slash',
    peer: 'client-2.1.0',
    text: 'A directory without a slash at its end is taken for a file: the manifest is looked for one level up.',
    cases: ['manifest/slash or none'],
    shows([withSlash, without]) {
      assert.equal(withSlash.text, 'ok');
      assert.match(without.error.message, /404/);
    },
  },
  {
    id: 'C2-pairs',
    peer: 'client-2.1.0',
    text: 'Headers given as pairs are sent under the names "0", "1".',
    cases: ['headers/given as pairs'],
    shows({ seen }) {
      assert.equal(sentHeader(seen[0], 'x-one'), undefined);
      assert.notEqual(sentHeader(seen[0], '0'), undefined);
    },
  },
  {
    id: 'C2-unicode',
    peer: 'client-2.1.0',
    text: 'A header value beyond Latin-1 fails without a word on which header, before anything is sent.',
    cases: ['request headers/beyond Latin-1'],
    shows({ answer, seen }) {
      assert.equal(seen.length, 0);
      assert.match(answer.error.message, /ByteString|ISO-8859-1/);
    },
  },
  {
    id: 'C2-status',
    peer: 'client-2.1.0',
    text: 'A status above 599 becomes a RangeError.',
    cases: ['status/600', 'status/999'],
    shows: ({ error }) => assert.equal(error.name, 'RangeError'),
  },
  {
    id: 'C2-body-stream',
    peer: 'client-2.1.0',
    text: 'Every body is sent as a stream, which Chromium does over HTTP/2 only: over HTTP/1.1 no POST gets through.',
    engine: 'chromium',
    cases: [/^methods\/(POST|PUT|PATCH|DELETE with a body)$/, /^redirect\/\d+ POST$/, 'stream/up, collected'],
    shows: ({ answer, seen = [] }) => {
      assert.match(answer.error.message, /Failed to fetch/);
      assert.deepEqual(
        seen.filter(({ method }) => method !== 'GET'),
        [],
      );
    },
  },
  {
    id: 'C2-redirect-body',
    peer: 'client-2.1.0',
    text: 'A redirect sends the same method and body again, also where it has to become a GET; the body is used up, so every redirected POST fails.',
    engine: 'node',
    cases: [/^redirect\/\d+ POST$/],
    shows({ answer, seen }) {
      assert.match(answer.error.message, /disturbed or locked/);
      assert.equal(seen.length, 0);
    },
  },
  {
    id: 'C2-redirected',
    peer: 'client-2.1.0',
    text: 'After a redirect, `url` is empty and `redirected` false.',
    cases: [/^redirect\/\d+ GET$/],
    shows({ answer, seen }) {
      assert.equal(answer.status, 200);
      assert.equal(seen[0].method, 'GET');
      assert.equal(answer.url, '');
      assert.equal(answer.redirected, false);
    },
  },
  {
    id: 'C2-credentials',
    peer: 'client-2.1.0',
    text: 'Authorization and Cookie follow a redirect to another origin.',
    cases: ['redirect/to another origin'],
    shows({ seen }) {
      assert.equal(sentHeader(seen[0], 'authorization'), 'Basic c2VjcmV0');
      assert.equal(sentHeader(seen[0], 'cookie'), 'secret=1');
    },
  },
  {
    id: 'C2-refused-socket',
    peer: 'client-2.1.0',
    text: 'A WebSocket that the remote refuses closes without an `error`, as if all had been well.',
    cases: [/^ws\/(refused by 403|dropped|answered as a page|unreachable)$/],
    shows(result) {
      assert.deepEqual(types(result), ['close']);
      // The code is our server's, which says why; the events are the client's.
      assert.equal(result.events[0].wasClean, true);
    },
  },
  {
    id: 'C2-send-error',
    peer: 'client-2.1.0',
    text: '`send` before `open` throws a DOMException without a name.',
    cases: ['ws/states'],
    shows: ({ result }) => assert.equal(result.sendAtStart, 'Error'),
  },
  {
    id: 'C3-slash',
    peer: 'client-1.1.1',
    text: 'A directory without a slash at its end is taken for a file: the manifest is looked for one level up.',
    cases: ['manifest/slash or none'],
    shows([withSlash, without]) {
      assert.equal(withSlash.text, 'ok');
      assert.match(without.error.message, /404/);
    },
  },
  {
    id: 'C3-pairs',
    peer: 'client-1.1.1',
    text: 'Headers given as pairs are sent under the names "0", "1".',
    cases: ['headers/given as pairs'],
    shows({ seen }) {
      assert.equal(sentHeader(seen[0], 'x-one'), undefined);
      assert.notEqual(sentHeader(seen[0], '0'), undefined);
    },
  },
  {
    id: 'C3-unicode',
    peer: 'client-1.1.1',
    text: 'A header value beyond Latin-1 fails without a word on which header, before anything is sent.',
    cases: ['request headers/beyond Latin-1'],
    shows({ answer, seen }) {
      assert.equal(seen.length, 0);
      assert.match(answer.error.message, /ByteString|ISO-8859-1/);
    },
  },
  {
    id: 'C3-status',
    peer: 'client-1.1.1',
    text: 'A status above 599 becomes a RangeError.',
    cases: ['status/600', 'status/999'],
    shows: ({ error }) => assert.equal(error.name, 'RangeError'),
  },
  {
    id: 'C3-redirect-method',
    peer: 'client-1.1.1',
    text: 'A redirected POST stays a POST also where it has to become a GET.',
    cases: [/^redirect\/30[123] POST$/],
    shows: ({ seen }) => assert.equal(seen[0].method, 'POST'),
  },
  {
    id: 'C3-redirected',
    peer: 'client-1.1.1',
    text: 'After a redirect, `url` is empty and `redirected` false.',
    cases: [/^redirect\/\d+ GET$/, /^redirect\/30[78] POST$/],
    shows({ answer }) {
      assert.equal(answer.status, 200);
      assert.equal(answer.url, '');
      assert.equal(answer.redirected, false);
    },
  },
  {
    id: 'C3-credentials',
    peer: 'client-1.1.1',
    text: 'Authorization and Cookie follow a redirect to another origin.',
    cases: ['redirect/to another origin'],
    shows({ seen }) {
      assert.equal(sentHeader(seen[0], 'authorization'), 'Basic c2VjcmV0');
      assert.equal(sentHeader(seen[0], 'cookie'), 'secret=1');
    },
  },
  {
    id: 'C3-streams',
    peer: 'client-1.1.1',
    text: 'A stream cannot be a body: it is handed on without the `duplex` that goes with it.',
    cases: ['abort/in the upload', 'stream/up', 'stream/up, collected'],
    shows: ({ answer }) => assert.match(answer.error.message, /duplex/),
  },
  {
    id: 'C3-socket-members',
    peer: 'client-1.1.1',
    text: "The WebSocket's `url` and `protocol` are those of the Bare server's.",
    cases: ['ws/subprotocol', 'ws/no subprotocol', 'ws/states'],
    shows(observation, cell) {
      const { atOpen } = observation.result ?? observation;
      assert.equal(atOpen.url, `${cell.base.replace('http', 'ws')}${cell.version}/`);
      // The name that v1 uses for its handshake, or v2's ID.
      assert.match(atOpen.protocol, cell.version === 'v1' ? /^bare$/ : /^\w{16,}$/);
    },
  },
  {
    id: 'C4-slash',
    peer: 'bare-as-module3',
    text: 'A directory without a slash at its end is taken for a file: requests go one level up.',
    cases: ['manifest/slash or none'],
    shows([withSlash, without]) {
      assert.equal(withSlash.text, 'ok');
      assert.ok(without.error);
    },
  },
  {
    id: 'C4-unicode',
    peer: 'bare-as-module3',
    text: 'A header value beyond Latin-1 fails without a word on which header, before anything is sent.',
    cases: ['request headers/beyond Latin-1'],
    shows({ answer, seen }) {
      assert.equal(seen.length, 0);
      assert.match(answer.error.message, /ByteString|ISO-8859-1/);
    },
  },
  {
    id: 'C4-body-stream',
    peer: 'bare-as-module3',
    text: 'A stream is handed on as one, which Chromium sends over HTTP/2 only.',
    engine: 'chromium',
    cases: ['stream/up, collected'],
    shows: ({ answer }) => assert.match(answer.error.message, /Failed to fetch/),
  },
  {
    id: 'C4-refused-socket',
    peer: 'bare-as-module3',
    text: 'A WebSocket that the remote refuses closes without a call of `onerror`.',
    cases: [/^ws\/(refused by 403|dropped|answered as a page|unreachable)$/],
    shows: (result) => assert.deepEqual(types(result), ['close']),
  },

  {
    id: 'S2-error-codes',
    peer: 'server-2.0.6',
    text: 'Every error is 500 UNKNOWN, whatever its code was meant to be, with a stack that shows paths of the server.',
    cases: [/^refused\/(?!JSON null|a status that)/, /^split\/(without a semicolon|both forms)$/],
    shows(error) {
      assert.equal(error.status, 500);
      assert.equal(error.code, 'UNKNOWN');
      assert.equal(error.hasStack, true);
    },
  },
  {
    id: 'S2-null',
    peer: 'server-2.0.6',
    text: 'X-Bare-Headers may be JSON null.',
    cases: ['refused/JSON null'],
    shows: (answer) => assert.deepEqual([answer.status, answer.text], [200, 'ok']),
  },
  {
    id: 'S2-pass-status',
    peer: 'server-2.0.6',
    text: 'X-Bare-Pass-Status may name 999, which then cannot be sent.',
    cases: ['refused/a status that cannot be passed'],
    shows: (answer) => assert.deepEqual([answer.status, answer.text], [200, 'ok']),
  },
  {
    id: 'S2-holes',
    peer: 'server-2.0.6',
    text: 'A hole in split headers is skipped, so that headers lose their middle.',
    cases: [/^split\/a hole/],
    shows: ({ status, seen }) => assert.deepEqual([status, seen], [200, 1]),
  },
  {
    id: 'S2-header-size',
    peer: 'server-2.0.6',
    text: 'More than 16 KiB of headers are answered 431, without CORS headers and without JSON.',
    cases: [/^long request header\/(20|60) kB$/, 'split/20 kB'],
    shows(observation, { client, engine }) {
      if (client === 'raw') assert.equal(observation.status, 431);
      // A page learns nothing at all: the answer has no CORS headers.
      else if (engine === 'chromium') assert.equal(observation.answer.error.code, 'IMPL_SERVER_UNREACHABLE');
      else assert.equal(observation.answer.error.status, 431);
    },
  },
  {
    id: 'S2-sharing',
    peer: 'server-2.0.6',
    text: 'No CORS headers on a 431.',
    cases: ['sharing'],
    shows(found) {
      assert.equal(found['431'], '431 undefined');
      assert.match(found.error, /\*$/);
    },
  },
  {
    id: 'S2-options',
    peer: 'server-2.0.6',
    text: 'Every OPTIONS is taken for a preflight and never reaches the remote.',
    cases: ['methods/OPTIONS'],
    shows({ answer, seen }) {
      assert.equal(seen.length, 0);
      assert.equal(answer.error.status, 200);
    },
  },
  {
    id: 'S2-delete-body',
    peer: 'server-2.0.6',
    text: 'The body of a DELETE is sent without framing: the remote reads it as the next request.',
    cases: ['methods/DELETE with a body'],
    shows({ seen }) {
      assert.notEqual(String(seen[0]?.body ?? ''), 'what to delete');
    },
  },
  {
    id: 'S2-late-head',
    peer: 'server-2.0.6',
    text: 'The head of an answer waits for the first byte of its body.',
    cases: ['stream/head before body'],
    shows(answer) {
      assert.equal(answer.text, 'late');
      assert.ok(answer.headAt >= 450);
    },
  },
  {
    id: 'S2-crash-cut-body',
    peer: 'server-2.0.6',
    text: 'A remote that breaks off in a body ends the process.',
    cases: ['failure/broken off in the body'],
    shows: ({ isAlive, next }) => assert.ok(!isAlive || next.error),
  },
  {
    id: 'S2-crash-trace',
    peer: 'server-2.0.6',
    text: 'A TRACE request ends the process.',
    cases: ['method TRACE'],
    shows: ({ isAlive }) => assert.equal(isAlive, false),
  },
  {
    id: 'S2-no-timeout',
    peer: 'server-2.0.6',
    text: 'A remote that never answers is waited for without end.',
    cases: ['failure/never answers'],
    // Aborted after four seconds by the test.
    shows: ({ error }) => assert.equal(error.name, 'AbortError'),
  },
  {
    id: 'S2-set-cookie',
    peer: 'server-2.0.6',
    text: 'A Set-Cookie that is passed on is joined with commas.',
    cases: ['pass set-cookie'],
    shows: (cookies) => assert.deepEqual(cookies, ['a=1, b=2']),
  },
  {
    id: 'S2-addresses',
    peer: 'server-2.0.6',
    text: 'IPv6 addresses in brackets are not judged: [::ffff:127.0.0.1] reaches this machine though local addresses are blocked.',
    cases: ['addresses', 'addresses over WebSocket'],
    shows({ reached }) {
      if (Array.isArray(reached)) assert.ok(reached.some((host) => host.startsWith('[::ffff:')));
      else assert.ok(reached > 0);
    },
  },
  {
    id: 'S2-early-messages',
    peer: 'server-2.0.6',
    text: 'What the remote sends right after its handshake is lost.',
    cases: ['ws/early message of the remote'],
    shows: (result) => assert.ok(!result.events.some(({ text }) => text === 'first')),
  },
  {
    id: 'S2-silent-close',
    peer: 'server-2.0.6',
    text: 'A first message that is none closes the WebSocket without code or reason.',
    cases: [/^v3 first message\//],
    shows: ({ events }) => assert.equal(events.at(-1).code, 1005),
  },
  {
    id: 'S2-orphan',
    peer: 'server-2.0.6',
    text: 'A client that goes while the remote is being connected leaves a connection to it behind.',
    cases: ['a client that goes while connecting'],
    shows: (seen) => assert.deepEqual(seen, { count: 1, hasEnded: false }),
  },
  {
    id: 'S2-v2-sockets',
    peer: 'server-2.0.6',
    text: 'v2 WebSockets do not work: Connection: Upgrade is stripped from the handshake (2.0.1 works).',
    versions: ['v2'],
    cases: ['v2 tunnel', /^ws\/(?!refused|dropped|answered|unreachable|0 cookies)/],
    shows(observation) {
      const events = observation.events ?? observation.result.events;
      assert.ok(!events.some(({ type }) => type === 'open'));
    },
  },
  {
    id: 'S2a-early-messages',
    peer: 'server-2.0.1',
    text: 'What the remote sends right after its handshake is lost.',
    cases: ['ws/early message of the remote'],
    shows: (result) => assert.ok(!result.events.some(({ text }) => text === 'first')),
  },
];

/** The defect that a cell is to show, or null. */
export function findDefect(test, { client, server, engine, version }) {
  return (
    peerDefects.find(
      (defect) =>
        (defect.peer === client || defect.peer === server) &&
        (!defect.engine || defect.engine === engine) &&
        (!defect.versions || defect.versions.includes(version)) &&
        defect.cases.some((pattern) => (typeof pattern === 'string' ? pattern === test.id : pattern.test(test.id))),
    ) ?? null
  );
}
