/**
 * @module
 * Holds the describer's account of a chain against tshark's.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import { errorsIn, framesByUs } from './ours.mjs';
import { writeCapture } from './pcap.mjs';
import { framesByTshark } from './tshark.mjs';

/** Where synthesised captures have the server. */
const capturePort = 24909;

/**
 * @param {{ records: object[], before: object[], after: object[] }} told what a chain's `finish` gives
 * @param {{ protocol?: 'http2' | 'http' | 'tls', keyLogFile?: string, capture?: 'before' | 'after' }} [options]
 * @returns our frames, in no special order of connections
 */
export function expectAgreement(told, { protocol = 'http2', keyLogFile, capture = 'before', passesBytes = true } = {}) {
  // TLS that ends at the proxy comes out as something else.
  if (passesBytes) expect(bytesOf(told.after)).toEqual(bytesOf(told.before));
  expect(told.records.filter(({ event }) => event === 'failed')).toEqual([]);
  const directory = mkdtempSync(path.join(tmpdir(), 'culvert-describe-'));
  try {
    const file = path.join(directory, 'capture.pcap');
    writeCapture(file, told[capture], capturePort);
    const theirs = framesByTshark(file, { serverPort: capturePort, protocol, keyLogFile });
    const ours = framesByUs(told.records);
    const all = [...ours.values()].flat();
    expect(all.length).toBeGreaterThan(0);
    expect(connectionsOf(ours)).toEqual(connectionsOf(theirs));
    return { frames: all, errors: errorsIn(told.records), count: all.length };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/**
 * Connections as their frames, in an order of their own: ports differ on the two sides of the proxy. One that carried none,
 * as browsers open in advance, is left out.
 */
function connectionsOf(frames) {
  const connections = new Map();
  for (const [key, list] of frames) {
    const [port, direction] = key.split(' ');
    if (!connections.has(port)) connections.set(port, { client: [], server: [] });
    connections.get(port)[direction] = headersFirst(list).map(comparable);
  }
  return sorted([...connections.values()].filter(({ client, server }) => client.length + server.length > 0));
}

/** We tell a header block's headers in the frame that ends it, tshark in one or the other or in
 * both: the first one gets them. */
function headersFirst(frames) {
  const result = [];
  let first = null;
  for (const frame of frames) {
    const { headers, tableSizes, ...rest } = frame;
    if (first === null) result.push(frame);
    else {
      result.push(rest);
      if (headers !== undefined) first.headers = [...(first.headers ?? []), ...headers];
      if (tableSizes !== undefined) first.tableSizes = [...(first.tableSizes ?? []), ...tableSizes];
    }
    const [carriesBlock, isLast] = [[1, 5, 9].includes(frame.type), (frame.flags & 4) !== 0];
    if (first === null && carriesBlock && !isLast) result[result.length - 1] = first = { ...frame };
    else if (carriesBlock && isLast) first = null;
  }
  return result;
}

/** Long values as their hash: a difference is then readable. */
function comparable(value) {
  if (typeof value === 'string' && value.length > 300) {
    return `${value.slice(0, 20)}… ${value.length} ${createHash('sha256').update(value).digest('hex')}`;
  }
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, comparable(one)]));
}

/** Each connection's bytes of each direction, as a hash. */
function bytesOf(chunks) {
  const connections = new Map();
  for (const { clientPort, direction, bytes } of chunks) {
    if (!connections.has(clientPort)) {
      connections.set(clientPort, { client: createHash('sha256'), server: createHash('sha256') });
    }
    connections.get(clientPort)[direction].update(bytes);
  }
  return sorted([...connections.values()].map(({ client, server }) => [client.digest('hex'), server.digest('hex')]));
}

function sorted(list) {
  return list
    .map((one) => [JSON.stringify(one), one])
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, one]) => one);
}
