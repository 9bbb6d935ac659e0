/**
 * @module
 * The packet and the messages that the protocol's documentation shows, from its hexdumps.
 */

/** "Raw TCP SNI Packet": 199 bytes of a ClientHello for pokemap.hellabit.com. */
export const helloHex = `
16 03 01 00 c2 01 00 00 be 03 03 57 e3 76 50 66
03 df 99 76 24 c8 31 e6 e8 08 34 6b b4 7b bb 2c
f3 17 aa 5c ec 09 da da 83 5a b2 00 00 56 00 ff
c0 24 c0 23 c0 0a c0 09 c0 08 c0 28 c0 27 c0 14
c0 13 c0 12 c0 26 c0 25 c0 05 c0 04 c0 03 c0 2a
c0 29 c0 0f c0 0e c0 0d 00 6b 00 67 00 39 00 33
00 16 00 3d 00 3c 00 35 00 2f 00 0a c0 07 c0 11
c0 02 c0 0c 00 05 00 04 00 af 00 ae 00 8d 00 8c
00 8a 00 8b 01 00 00 3f 00 00 00 19 00 17 00 00
14 70 6f 6b 65 6d 61 70 2e 68 65 6c 6c 61 62 69
74 2e 63 6f 6d 00 0a 00 08 00 06 00 17 00 18 00
19 00 0b 00 02 01 00 00 0d 00 0c 00 0a 05 01 04
01 02 01 04 03 02 03`;

/** "Tunneled TCP SNI Packet": the same 199 bytes after a header of 28. */
export const tunneledHelloHex = `
fe 1a 49 50 76 34 2c 31 32 37 2e 30 2e 31 2e 31
2c 34 34 33 2c 31 39 39 2c 66 6f 6f
16 03 01 00
c2 01 00 00 be 03 03 57 e3 76 50 66 03 df 99 76
24 c8 31 e6 e8 08 34 6b b4 7b bb 2c f3 17 aa 5c
ec 09 da da 83 5a b2 00 00 56 00 ff c0 24 c0 23
c0 0a c0 09 c0 08 c0 28 c0 27 c0 14 c0 13 c0 12
c0 26 c0 25 c0 05 c0 04 c0 03 c0 2a c0 29 c0 0f
c0 0e c0 0d 00 6b 00 67 00 39 00 33 00 16 00 3d
00 3c 00 35 00 2f 00 0a c0 07 c0 11 c0 02 c0 0c
00 05 00 04 00 af 00 ae 00 8d 00 8c 00 8a 00 8b
01 00 00 3f 00 00 00 19 00 17 00 00 14 70 6f 6b
65 6d 61 70 2e 68 65 6c 6c 61 62 69 74 2e 63 6f
6d 00 0a 00 08 00 06 00 17 00 18 00 19 00 0b 00
02 01 00 00 0d 00 0c 00 0a 05 01 04 01 02 01 04
03 02 03`;

export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from(hex.trim().split(/\s+/), (byte) => parseInt(byte, 16));
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array | undefined): string | undefined {
  return bytes && new TextDecoder().decode(bytes);
}
