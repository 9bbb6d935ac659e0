/**
 * @module
 * The little of DER (ITU-T X.690) that a certificate is written in.
 */

const tags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
} as const;

function encode(tag: number, content: Buffer): Buffer {
  const { length } = content;
  if (length < 0x80) return Buffer.concat([Buffer.from([tag, length]), content]);
  const bytes = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}

export const sequence = (...items: Buffer[]): Buffer => encode(tags.sequence, Buffer.concat(items));
export const set = (...items: Buffer[]): Buffer => encode(tags.set, Buffer.concat(items));
export const utf8String = (text: string): Buffer => encode(tags.utf8String, Buffer.from(text));
export const octetString = (content: Buffer): Buffer => encode(tags.octetString, content);
export const boolean = (value: boolean): Buffer => encode(tags.boolean, Buffer.from([value ? 0xff : 0]));

/** A number that is not negative, as bytes with the highest first. */
export function integer(bytes: Buffer): Buffer {
  const start = bytes.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Buffer.from([0]) : bytes.subarray(start);
  return encode(tags.integer, digits[0]! & 0x80 ? Buffer.concat([Buffer.from([0]), digits]) : digits);
}

export function bitString(content: Buffer, unusedBits = 0): Buffer {
  return encode(tags.bitString, Buffer.concat([Buffer.from([unusedBits]), content]));
}

/** @param text in dots, such as `2.5.4.3` */
export function objectIdentifier(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const digits = [arc & 0x7f];
    for (let value = arc >>> 7; value > 0; value >>>= 7) digits.unshift((value & 0x7f) | 0x80);
    bytes.push(...digits);
  }
  return encode(tags.objectIdentifier, Buffer.from(bytes));
}

/** RFC 5280 section 4.1.2.5.2. */
export function generalizedTime(date: Date): Buffer {
  const text = date.toISOString().replace(/[-:T]|\.\d+/g, '');
  return encode(tags.generalizedTime, Buffer.from(text));
}

/** @param isConstructed whether it holds other values */
export function contextTag(number: number, content: Buffer, isConstructed = true): Buffer {
  return encode(0x80 | (isConstructed ? 0x20 : 0) | number, content);
}
