/**
 * @module
 * Records of TLS that are not application data: hellos, the rest of the handshake, alerts. Application data has no
 * description of its own, since what is inside has.
 */
import { type Direction, ItemList } from '../description.js';
import type { DescribeError } from '../errors.js';
import { hex } from '../hexdump.js';
import { stringLiteral } from '../python-literal.js';
import { alertText } from './alerts.js';
import { cipherSuiteText } from './cipher-suites.js';
import { type HandshakeMessage, handshakeTypeName } from './handshake-reader.js';
import type { ClientHello, ServerHello } from './hellos.js';
import { ContentType, contentTypeName, recordHeaderLength, type TlsRecord } from './record-reader.js';
import type { TlsEvent } from './tls-event.js';

const versionNames: Record<number, string> = {
  0x0301: 'TLS 1.0',
  0x0302: 'TLS 1.1',
  0x0303: 'TLS 1.2',
  0x0304: 'TLS 1.3',
};

export interface DescribedRecord {
  record: TlsRecord;
  direction: Direction;
  /** As decrypted, where the record was protected. */
  content: Buffer;
  innerType?: number;
  messages?: HandshakeMessage[];
  hello?: ClientHello | ServerHello | null;
  error?: DescribeError;
}

export function describeTlsRecord(described: DescribedRecord): TlsEvent {
  const { record, direction, content, innerType = record.type, messages = [], hello = null, error } = described;
  const { offset, header } = record;
  const out = new ItemList();
  describeHeader(record, innerType, out);
  if (messages.length > 0) {
    const list = messages.map(({ type, length }) => ({ type: handshakeTypeName(type), typeCode: type, length }));
    const lines = messages.map(({ type, length }) => `${handshakeTypeName(type)}:${type}, ${length} bytes`);
    out.block('Handshake Messages', lines, { handshakeMessages: list });
  }
  if (hello !== null) describeHello(hello, out);
  if (innerType === ContentType.alert && content.length === 2) {
    out.field('Alert', `${alertText(content[0]!, content[1]!)} (${hex(content)})`, {
      alertLevel: content[0]!,
      alertDescription: content[1]!,
    });
  }
  out.hexdump(error === undefined ? 'TLS Content' : 'TLS Record Body', content, 'tlsContent');
  if (error !== undefined) out.error(error);
  const length = header.length + record.body.length;
  return { kind: 'description', description: { kind: 'tls-record', direction, offset, length, items: out.items } };
}

function describeHeader({ offset, header, type, body }: TlsRecord, innerType: number, out: ItemList): void {
  const version = header.readUInt16BE(1);
  const name = contentTypeName(type);
  out.field(
    'TLS Record Type',
    `${name} (${hex(header.subarray(0, 1))})`,
    { tlsRecordType: name, tlsRecordTypeCode: type },
    { offset, length: 1 },
  );
  out.field(
    'TLS Record Version',
    `${versionNames[version] ?? 'UNKNOWN'} (${hex(header.subarray(1, 3))})`,
    { tlsRecordVersion: version },
    { offset: offset + 1, length: 2 },
  );
  out.field(
    'TLS Record Length',
    `${body.length} (${hex(header.subarray(3, recordHeaderLength))})`,
    { tlsRecordLength: body.length },
    { offset: offset + 3, length: 2 },
  );
  if (innerType !== type) {
    const inner = contentTypeName(innerType);
    out.field('TLS Inner Type', `${inner} (${innerType.toString(16)})`, { tlsInnerType: inner });
  }
}

function describeHello(hello: ClientHello | ServerHello, out: ItemList): void {
  out.field('Random', hex(hello.random), { tlsRandom: hello.random.toString('hex') });
  if ('cipherSuites' in hello) {
    const suites = hello.cipherSuites.map(cipherSuiteText);
    out.block('Cipher Suites', suites, { cipherSuites: hello.cipherSuites });
    if (hello.serverName !== null) {
      out.field('Server Name', stringLiteral(hello.serverName), { serverName: hello.serverName });
    }
    if (hello.protocols.length > 0) {
      out.field('Application Protocols', hello.protocols.map(stringLiteral).join(', '), {
        applicationProtocols: hello.protocols,
      });
    }
    return;
  }
  const { version, cipherSuite, protocol } = hello;
  out.field('TLS Version', versionNames[version] ?? 'UNKNOWN', { tlsVersion: version });
  out.field('Cipher Suite', cipherSuiteText(cipherSuite), { cipherSuite });
  if (protocol !== null) out.field('Application Protocol', stringLiteral(protocol), { applicationProtocol: protocol });
  if (hello.isRetryRequest) out.field('Hello Retry Request', 'yes', { isRetryRequest: true });
}
