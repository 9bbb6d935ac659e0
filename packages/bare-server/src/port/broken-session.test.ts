import { once } from 'node:events';
import { expect, it } from 'vitest';
import { flags, frameTypes } from './http2-frame.js';
import { frame, requestBlock } from './http2-frames.test-support.js';
import { askHttp2, startPort, tcp } from './port-clients.test-support.js';
import { http2Preface } from './sniff-protocol.js';

const get = (stream: number): Buffer => frame(frameTypes.headers, 0x5, stream, requestBlock);
const ends: Record<string, Buffer> = {
  'a PING that is too short': frame(frameTypes.ping, 0, 0, Buffer.alloc(3)),
  'a PING that answers nothing': frame(frameTypes.ping, flags.ack, 0, Buffer.alloc(8)),
  'DATA on the connection': frame(frameTypes.data, 0, 0, Buffer.alloc(3)),
  'a header block that is none': frame(frameTypes.headers, 0x5, 3, Buffer.alloc(6, 0xff)),
  'SETTINGS that are cut': frame(frameTypes.settings, 0, 0, Buffer.alloc(5)),
  'a closed stream': Buffer.concat([get(3), get(1), get(1)]),
  'GOAWAY with an error': frame(frameTypes.goaway, 0, 0, Buffer.from([0, 0, 0, 0, 0, 0, 0, 2])),
};

/** A PING is only left out. */
const isFatal = (name: string): boolean => name !== 'a PING that answers nothing';

// Node tells of a request after the session has ended, if both are in one packet: the session is then no longer to be had.
it.each(Object.keys(ends))('lives on after a request that comes in one packet with %s', async (name) => {
  for (const http2Guard of [true, false]) {
    const port = await startPort({
      http2Guard,
      request: (_request, response) => void response.end('{"path":"/here"}'),
    });
    for (const isConnect of [false, true]) {
      const stream = await tcp(port);
      stream.write(Buffer.concat([http2Preface, frame(frameTypes.settings, 0, 0)]));
      await once(stream, 'readable');
      // CONNECT (literal, without an index) has an authority and nothing else.
      const connect = Buffer.concat([Buffer.from([0x02, 0x07]), Buffer.from('CONNECT'), requestBlock.subarray(3)]);
      const request = isConnect ? frame(frameTypes.headers, flags.endHeaders, 1, connect) : get(1);
      await new Promise((resolve) => stream.write(Buffer.concat([request, ends[name]!]), resolve));
      stream.resume();
      // Node by itself leaves a connection open that it has sent GOAWAY on; the guard closes it (RFC 9113 section 5.4.1).
      if (http2Guard && isFatal(name)) await once(stream, 'close');
      else stream.destroy();
    }
    expect((await askHttp2(await tcp(port))).path).toBe('/here');
  }
});
