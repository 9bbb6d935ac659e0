/**
 * @module
 * A capture file of bytes that passed, with IP and TCP headers made up around them: what tshark is to decode takes no rights
 * to capture, and no byte is missing from it.
 */
import { writeFileSync } from 'node:fs';

/** LINKTYPE_RAW: packets begin with their IP header. */
const rawIp = 101;
const longestSegment = 16_000;
const addresses = { client: [192, 0, 2, 1], server: [192, 0, 2, 2] };

/**
 * @param {string} file
 * @param {{ clientPort: number, direction: 'client' | 'server', bytes: Buffer }[]} chunks in the order in which they passed
 * @param {number} serverPort what tshark takes for the protocol
 */
export function writeCapture(file, chunks, serverPort) {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(0x40000, 16);
  header.writeUInt32LE(rawIp, 20);
  const packets = [header];
  /** Bytes sent so far by connection and direction. */
  const sent = new Map();
  let time = 0;
  for (const { clientPort, direction, bytes } of chunks) {
    const isClient = direction === 'client';
    const ports = isClient ? [clientPort, serverPort] : [serverPort, clientPort];
    const [mine, other] = [`${clientPort} ${direction}`, `${clientPort} ${isClient ? 'server' : 'client'}`];
    for (let at = 0; at < bytes.length; at += longestSegment) {
      const payload = bytes.subarray(at, at + longestSegment);
      const sequence = sent.get(mine) ?? 1;
      const packet = ipPacket(direction, tcpSegment(ports, sequence, sent.get(other) ?? 1, payload));
      sent.set(mine, sequence + payload.length);
      const record = Buffer.alloc(16);
      record.writeUInt32LE(Math.floor(time / 1e6), 0);
      record.writeUInt32LE(time % 1e6, 4);
      record.writeUInt32LE(packet.length, 8);
      record.writeUInt32LE(packet.length, 12);
      time += 10;
      packets.push(record, packet);
    }
  }
  writeFileSync(file, Buffer.concat(packets));
}

function tcpSegment([from, to], sequence, acknowledged, payload) {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(from, 0);
  header.writeUInt16BE(to, 2);
  header.writeUInt32BE(sequence >>> 0, 4);
  header.writeUInt32BE(acknowledged >>> 0, 8);
  // Data offset 5, flags PSH and ACK.
  header.writeUInt16BE(0x5018, 12);
  header.writeUInt16BE(0xffff, 14);
  return Buffer.concat([header, payload]);
}

function ipPacket(direction, segment) {
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt16BE(20 + segment.length, 2);
  header.writeUInt8(64, 8);
  header.writeUInt8(6, 9);
  header.set(addresses[direction], 12);
  header.set(addresses[direction === 'client' ? 'server' : 'client'], 16);
  return Buffer.concat([header, segment]);
}
