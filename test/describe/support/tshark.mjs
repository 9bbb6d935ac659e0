/**
 * @module
 * What tshark says of a capture: its HTTP/2 frames, each as plain data, by connection and direction.
 */
import { spawnSync } from 'node:child_process';

/**
 * @param {string} file
 * @param {{ serverPort: number, protocol: 'http2' | 'http' | 'tls', keyLogFile?: string }} options
 * @returns {Map<string, object[]>} frames by "<client port> <direction>"
 */
export function framesByTshark(file, { serverPort, protocol, keyLogFile }) {
  const keys = keyLogFile === undefined ? [] : ['-o', `tls.keylog_file:${keyLogFile}`];
  const decode = ['-d', `tcp.port==${serverPort},${protocol}`];
  const { stdout, status, error } = spawnSync(
    'tshark',
    ['-n', '-r', file, ...decode, ...keys, '-Y', 'http2', '-T', 'pdml', '-J', 'tcp http2'],
    { maxBuffer: 1 << 30, encoding: 'utf8' },
  );
  if (error?.code === 'ENOENT') throw new Error('Failed to run tshark: install it (apt-get install tshark).');
  if (status !== 0) throw new Error(`Failed to decode the capture: tshark ended with ${status}.`);
  const frames = new Map();
  for (const packet of parseXml(stdout).filter(({ tag }) => tag === 'packet')) {
    const tcp = packet.children.find(({ name }) => name === 'tcp');
    const [from, to] = ['tcp.srcport', 'tcp.dstport'].map((name) => Number(find(tcp, name).show));
    const key = to === serverPort ? `${from} client` : `${to} server`;
    if (!frames.has(key)) frames.set(key, []);
    for (const proto of packet.children.filter(({ name }) => name === 'http2')) {
      for (const stream of proto.children.filter(({ name }) => name === 'http2.stream')) {
        if (find(stream, 'http2.type') !== undefined) frames.get(key).push(frameOf(stream));
      }
    }
  }
  return frames;
}

/** The fields of one frame, with the names that ours.mjs gives them. */
function frameOf(stream) {
  const all = (name) => findAll(stream, name);
  const number = (name) => all(name).map(({ show }) => Number(show))[0];
  const bytes = (name) => all(name).map(({ value }) => value ?? '')[0];
  const text = (name) => all(name).map(({ value }) => textOf(value ?? ''))[0];
  const type = number('http2.type');
  const settings = all('http2.settings')
    .filter((field) => find(field, 'http2.settings.id') !== undefined)
    .map((field) => [hexNumber(find(field, 'http2.settings.id')), hexNumber(field.children[1])]);
  const headers = all('http2.header')
    .filter((field) => find(field, 'http2.header.name') !== undefined)
    .map((field) => ['http2.header.name', 'http2.header.value'].map((name) => textOf(find(field, name).value ?? '')));
  const frame = {
    length: number('http2.length'),
    type,
    flags: hexNumber(all('http2.flags')[0]),
    streamId: number('http2.streamid'),
    reservedBit: number('http2.r'),
    padLength: number('http2.padding'),
    settings: settings.length > 0 ? settings : undefined,
    headers: headers.length > 0 ? headers : undefined,
    tableSizes: listOrNothing(all('http2.header_table_size_update.header_table_size').map(({ show }) => Number(show))),
    windowSizeIncrement: number('http2.window_update.window_size_increment'),
    errorCode: number('http2.rst_stream.error') ?? number('http2.goaway.error'),
    lastStreamId: number('http2.goaway.last_stream_id'),
    debugData: bytes('http2.goaway.addata'),
    opaqueData: bytes('http2.ping') ?? bytes('http2.pong'),
    promisedStreamId: number('http2.push_promise.promised_stream_id'),
    isExclusive: all('http2.exclusive').map(({ show }) => show === '1' || show === 'True')[0],
    streamDependency: number('http2.stream_dependency'),
    weight: number('http2.headers.weight_real'),
    altSvcOrigin: text('http2.altsvc.origin'),
    altSvc: text('http2.altsvc.field_value'),
    origins: listOrNothing(all('http2.origin.origin').map(({ value }) => textOf(value ?? ''))),
    prioritizedStreamId: number('http2.priority_update_stream_id'),
    priority: text('http2.priority_update_field_value'),
    data: type === 0 ? dataOf(stream) : bytes('http2.unknown'),
  };
  return Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== undefined && value !== ''));
}

/** In the last frame of a body tshark gives all of the body, whose end is this frame's. */
function dataOf(stream) {
  const number = (name) => Number(find(stream, name)?.show ?? 0);
  const isPadded = find(stream, 'http2.padding') !== undefined;
  const length = number('http2.length') - (isPadded ? number('http2.padding') + 1 : 0);
  const data = find(stream, 'http2.data.segment')?.value ?? find(stream, 'http2.data.data')?.value ?? '';
  return length === 0 ? undefined : data.slice(-2 * length);
}

function listOrNothing(list) {
  return list.length > 0 ? list : undefined;
}

function hexNumber(field) {
  return field.value === undefined ? Number(field.show) : Number.parseInt(field.value, 16);
}

/** Names and values are UTF-8 where they can be, else a character a byte. */
function textOf(hex) {
  const bytes = Buffer.from(hex, 'hex');
  const text = bytes.toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : bytes.toString('latin1');
}

const find = (node, name) => findAll(node, name)[0];

function findAll(node, name) {
  return node.children.flatMap((child) => [...(child.name === name ? [child] : []), ...findAll(child, name)]);
}

/** PDML is regular enough: elements with attributes in double quotes, no text. */
function parseXml(xml) {
  const root = { children: [] };
  const open = [root];
  const top = [];
  for (const [, slash, tag, attributes, end] of xml.matchAll(/<(\/?)([a-z]+)((?:\s+[\w:]+="[^"]*")*)\s*(\/?)>/g)) {
    if (slash === '/') {
      open.pop();
      continue;
    }
    const node = { tag, children: [] };
    for (const [, key, value] of attributes.matchAll(/([\w:]+)="([^"]*)"/g)) node[key] = unescapeXml(value);
    open.at(-1).children.push(node);
    if (tag === 'packet') top.push(node);
    if (end !== '/') open.push(node);
  }
  return top;
}

function unescapeXml(text) {
  const entities = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
  return text.replace(/&(lt|gt|amp|quot|apos);/g, (_, name) => entities[name]);
}
