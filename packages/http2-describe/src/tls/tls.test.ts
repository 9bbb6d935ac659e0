import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ConnectionDescriber } from '../connection-describer.js';
import type { Description } from '../description.js';
import { chunksOf, codesIn, seededRandom, type Turn } from '../frames.test-support.js';
import { renderJson } from '../render-json.js';
import { KeyLog, type TlsSecrets } from './key-log.js';
import { KeyLogFile } from './key-log-file.js';
import { type RecordedTls, recordResumedTls, recordTls } from './recorded-tls.test-support.js';

function keyLogOf(text: string): KeyLog {
  const log = new KeyLog();
  log.addLines(text);
  return log;
}

function describeTurns(turns: Turn[], tlsSecrets: TlsSecrets, sizeOfNext = () => Infinity): Description[] {
  const connection = new ConnectionDescriber({ tlsSecrets });
  const described = turns.flatMap(({ direction, bytes }) =>
    [...chunksOf(bytes, sizeOfNext)].flatMap((chunk) => connection.describe(chunk, direction)),
  );
  return [...described, ...connection.end('client'), ...connection.end('server')];
}

const jsonOf = (descriptions: Description[]) => descriptions.map((one) => renderJson(one));
const requestsIn = (descriptions: Description[]) =>
  jsonOf(descriptions)
    .flatMap(({ direction, headers }) => (direction === 'client' ? ((headers ?? []) as { name: string }[]) : []))
    .filter(({ name }) => name === ':path');

let recorded: RecordedTls;
beforeAll(async () => {
  recorded = await recordTls({ version: 'TLSv1.3', ciphers: 'TLS_AES_128_GCM_SHA256' });
});

it.each([
  ['TLSv1.3', 'TLS_AES_128_GCM_SHA256', 0x1301],
  ['TLSv1.3', 'TLS_AES_256_GCM_SHA384', 0x1302],
  ['TLSv1.3', 'TLS_CHACHA20_POLY1305_SHA256', 0x1303],
  ['TLSv1.2', 'ECDHE-ECDSA-AES128-GCM-SHA256', 0xc02b],
  ['TLSv1.2', 'ECDHE-ECDSA-AES256-GCM-SHA384', 0xc02c],
  ['TLSv1.2', 'ECDHE-ECDSA-CHACHA20-POLY1305', 0xcca9],
] as const)('reads HTTP/2 inside %s %s with the key log', async (version, ciphers, cipherSuite) => {
  const { turns, keyLog } = await recordTls({ version, ciphers });
  const descriptions = describeTurns(turns, keyLogOf(keyLog));
  expect(codesIn(descriptions)).toEqual([]);
  expect(requestsIn(descriptions)).toMatchObject([{ value: '/first' }, { value: '/second' }]);
  const records = jsonOf(descriptions);
  expect(records.filter(({ kind }) => kind === 'opaque')).toEqual([]);
  expect(records.find(({ serverName }) => serverName !== undefined)).toMatchObject({
    direction: 'client',
    kind: 'tls-record',
    serverName: 'secure.test',
    applicationProtocols: ['h2'],
  });
  expect(records.find((record) => record.direction === 'server' && record.kind === 'tls-record')).toMatchObject({
    cipherSuite,
  });
  const data = records.filter((record) => record.direction === 'server' && record.frameType === 'DATA');
  expect(Buffer.from(data.map(({ payload }) => String(payload ?? '')).join(''), 'hex').toString()).toBe(
    Buffer.alloc(40_000, 'secret ').toString().repeat(2),
  );
});

it('gives the same descriptions however the records are cut', () => {
  const secrets = keyLogOf(recorded.keyLog);
  const whole = jsonOf(describeTurns(recorded.turns, secrets));
  expect(jsonOf(describeTurns(recorded.turns, secrets, () => 1))).toEqual(whole);
  const random = seededRandom(8446);
  expect(jsonOf(describeTurns(recorded.turns, secrets, () => Math.ceil(random() * 700)))).toEqual(whole);
});

it('reads on after a server has asked for another hello', async () => {
  const ciphers = 'TLS_AES_256_GCM_SHA384';
  const { turns, keyLog } = await recordTls({ version: 'TLSv1.3', ciphers, serverCurve: 'P-384' });
  const descriptions = describeTurns(turns, keyLogOf(keyLog));
  expect(codesIn(descriptions)).toEqual([]);
  expect(jsonOf(descriptions).filter(({ isRetryRequest }) => isRetryRequest === true).length).toBe(1);
  expect(requestsIn(descriptions).length).toBe(2);
});

it('reads TLS behind the PROXY protocol', () => {
  const front: Turn = { direction: 'client', bytes: Buffer.from('PROXY TCP4 192.0.2.1 192.0.2.2 1 443\r\n') };
  const descriptions = describeTurns([front, ...recorded.turns], keyLogOf(recorded.keyLog));
  expect(descriptions[0]).toMatchObject({ kind: 'proxy-header', length: front.bytes.length });
  expect(descriptions[1]).toMatchObject({ kind: 'tls-record', offset: front.bytes.length });
  expect(requestsIn(descriptions).length).toBe(2);
  expect(codesIn(descriptions)).toEqual([]);
});

it('leaves a connection without TLS as it is', () => {
  const preface: Turn = { direction: 'client', bytes: Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n') };
  const settings: Turn = { direction: 'server', bytes: Buffer.from('000000040000000000', 'hex') };
  for (const turns of [
    [preface, settings],
    [settings, preface],
  ]) {
    const kinds = describeTurns(turns, new KeyLog(), () => 1).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['frame', 'preface']);
  }
});

it('waits for secrets that are logged after the bytes came, and keeps the order of both sides', () => {
  const directory = mkdtempSync(join(tmpdir(), 'describe-'));
  try {
    const file = join(directory, 'keys');
    const connection = new ConnectionDescriber({ tlsSecrets: new KeyLogFile(file) });
    const before = recorded.turns.flatMap(({ bytes, direction }) => connection.describe(bytes, direction));
    expect(before.every(({ kind }) => kind === 'tls-record')).toBe(true);
    expect(connection.isWaiting).toBe(true);
    // A line that is still being written is not taken.
    appendFileSync(file, recorded.keyLog.slice(0, 40));
    expect(connection.retry()).toEqual([]);
    appendFileSync(file, recorded.keyLog.slice(40));
    const after = connection.retry();
    expect(connection.isWaiting).toBe(false);
    expect(requestsIn(after).length).toBe(2);
    const all = [...before, ...after, ...connection.end('client'), ...connection.end('server')];
    // Records in the clear did not have to wait.
    const inside = (descriptions: Description[]) => jsonOf(descriptions).filter(({ kind }) => kind !== 'tls-record');
    expect(inside(all)).toEqual(inside(describeTurns(recorded.turns, keyLogOf(recorded.keyLog))));
  } finally {
    rmSync(directory, { recursive: true });
  }
});

it('shows bytes where there is no secret, and names the client random', () => {
  const random = /^CLIENT_TRAFFIC_SECRET_0 (\w+)/m.exec(recorded.keyLog)![1]!;
  const connection = new ConnectionDescriber({ tlsSecrets: new KeyLog() });
  for (const { bytes, direction } of recorded.turns) connection.describe(bytes, direction);
  const [first, ...rest] = connection.giveUp();
  expect(renderJson(first!).errors).toMatchObject([{ code: 'H2_DESCRIBE_TLS_NO_SECRET', field: 'TLS Record' }]);
  expect(JSON.stringify(renderJson(first!))).toContain(random);
  expect(new Set(rest.map(({ kind }) => kind))).toEqual(new Set(['opaque']));
  const all = describeTurns(recorded.turns, new KeyLog());
  for (const direction of ['client', 'server'] as const) {
    const sent = recorded.turns
      .filter((turn) => turn.direction === direction)
      .reduce((sum, turn) => sum + turn.bytes.length, 0);
    const told = all.filter((one) => one.direction === direction).reduce((sum, one) => sum + one.length, 0);
    expect(told).toBe(sent);
  }
});

it('gives up when more waits than the limit', () => {
  const connection = new ConnectionDescriber({ tlsSecrets: new KeyLog(), limits: { waitingRecords: 4000 } });
  const codes = recorded.turns.flatMap(({ bytes, direction }) => codesIn(connection.describe(bytes, direction)));
  expect(codes).toContain('H2_DESCRIBE_TLS_NO_SECRET');
  expect(connection.isWaiting).toBe(false);
});

it('goes on with one direction when only the other one has its secrets', () => {
  const log = recorded.keyLog.replace(/^SERVER_TRAFFIC_SECRET_0 .*\n/m, '');
  const descriptions = describeTurns(recorded.turns, keyLogOf(log));
  expect(requestsIn(descriptions).length).toBe(2);
  expect(codesIn(descriptions)).toEqual(['H2_DESCRIBE_TLS_NO_SECRET']);
});

it.each([
  ['of another connection', (log: string) => log.replace(/(SECRET_0 \w+ )\w\w/g, '$100'), 'H2_DESCRIBE_TLS_DECRYPT'],
  [
    'of another length',
    (log: string) => log.replace(/( \w{64}\n)/g, (all) => all.trimEnd() + '00\n'),
    'H2_DESCRIBE_TLS_NO_SECRET',
  ],
])('tells that a secret is %s', (_, change, code) => {
  const codes = codesIn(describeTurns(recorded.turns, keyLogOf(change(recorded.keyLog))));
  expect(codes).toEqual([code, code]);
});

it.each([
  ['a record of another type', '99 03 03 00 01 00', 'TLS Record Type', 0],
  ['a record of another version', '16 02 03 00 01 00', 'TLS Record Version', 1],
  ['a record that lies about its length', '16 03 03 ff ff 00', 'TLS Record Length', 3],
])('tells of %s', (_, hex, field, at) => {
  const connection = new ConnectionDescriber({ tlsSecrets: new KeyLog() });
  const start = 10;
  connection.describe(Buffer.from('16030300050e00000000'.slice(0, start * 2), 'hex'), 'client');
  const descriptions = connection.describe(Buffer.from(hex.replace(/ /g, ''), 'hex'), 'client');
  expect(renderJson(descriptions[0]!).errors).toMatchObject([
    { code: 'H2_DESCRIBE_BAD_TLS_RECORD', field, offset: start + at },
  ]);
});

it('tells of hellos that lie about their lengths, at every byte', () => {
  const [hello] = recorded.turns;
  const secrets = keyLogOf(recorded.keyLog);
  for (let at = 9; at < Math.min(hello!.bytes.length, 400); at++) {
    const bytes = Buffer.from(hello!.bytes);
    bytes[at] = 0xff;
    const connection = new ConnectionDescriber({ tlsSecrets: secrets });
    const descriptions = [...connection.describe(bytes, 'client'), ...connection.end('client')];
    expect(descriptions.reduce((sum, { length }) => sum + length, 0)).toBe(bytes.length);
  }
});

it('tells typed errors alone when bytes of a connection are changed on their way', () => {
  const random = seededRandom(5246);
  const secrets = keyLogOf(recorded.keyLog);
  for (let round = 0; round < 200; round++) {
    const turns = recorded.turns.map((turn) => ({ ...turn }));
    const turn = turns[Math.floor(random() ** 2 * turns.length)]!;
    turn.bytes = Buffer.from(turn.bytes);
    // Often in a header: a record's own lies are the worst.
    const at = Math.floor(random() < 0.5 ? random() * Math.min(16, turn.bytes.length) : random() * turn.bytes.length);
    turn.bytes[at] = Math.floor(random() * 256);
    const descriptions = describeTurns(turns, secrets, () => 700);
    const codes = new Set(codesIn(descriptions).map((code) => code.replace(/^H2_DESCRIBE_/, '')));
    for (const code of codes)
      expect(code, `round ${round}`).toMatch(/^(TLS_|BAD_TLS_RECORD|LIMIT|TRUNCATED|NOT_HTTP2|PROTOCOL)/);
  }
});

it('reads a resumed session, whose secrets come from an earlier one', async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const { turns, keyLog } = await recordResumedTls(version);
    const descriptions = describeTurns(turns, keyLogOf(keyLog));
    expect(codesIn(descriptions).filter((code) => code.includes('TLS'))).toEqual([]);
    const inside = descriptions.flatMap(({ items }) =>
      items.flatMap((item) => (item.kind === 'hexdump' ? [item] : [])),
    );
    expect(inside.some(({ bytes }) => Buffer.from(bytes).toString() === 'GET / HTTP/1.1\r\n\r\n')).toBe(true);
    const messages = jsonOf(descriptions).flatMap(({ handshakeMessages }) => handshakeMessages ?? []);
    expect(JSON.stringify(messages)).not.toContain('"certificate"');
  }
});

it('tells of a connection that ends inside a record', () => {
  const [hello] = recorded.turns;
  const connection = new ConnectionDescriber({ tlsSecrets: new KeyLog() });
  expect(connection.describe(hello!.bytes.subarray(0, 50), 'client')).toEqual([]);
  expect(codesIn(connection.end('client'))).toEqual(['H2_DESCRIBE_TRUNCATED']);
});

it('tells of a cipher suite that is not read', async () => {
  const { turns, keyLog } = await recordTls({ version: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' });
  const codes = codesIn(describeTurns(turns, keyLogOf(keyLog)));
  expect(codes).toEqual(['H2_DESCRIBE_TLS_UNSUPPORTED', 'H2_DESCRIBE_TLS_UNSUPPORTED']);
});

it('passes over what is no secret in a key log, and forgets the oldest connections', () => {
  const log = new KeyLog(2);
  const line = (digit: string) => `CLIENT_RANDOM ${digit.repeat(64)} ${'ab'.repeat(48)}\n`;
  log.addLines(
    `# comment\nnonsense\nEXPORTER_SECRET ${'1'.repeat(64)} ${'ab'.repeat(32)}\r\n${line('1')}${line('2')}${line('3')}`,
  );
  const has = (digit: string) => log.secretOf(Buffer.from(digit.repeat(64), 'hex'), 'CLIENT_RANDOM') !== null;
  expect([has('1'), has('2'), has('3')]).toEqual([false, true, true]);
});
