/**
 * @module
 * One end of an M-PROXY tunnel: a relay, a device, or (for comparison) what passes connections on without a tunnel.
 */
import { connect, createServer } from 'node:net';
import { parameter, serve } from '../child.mjs';

const { module } = parameter();
const { createDevice, createRelay, tokenTable } = await import(module);

serve({
  /** @returns the port that devices come to */
  async relay() {
    const relay = createRelay({ authenticate: tokenTable({ secret: { device: 'one', ports: [0] } }) });
    return (await relay.listen({ service: 'device' })).port;
  },
  /** @returns the port of the relay that leads to the target */
  async device({ relay, target }) {
    const open = () => connect({ port: relay, host: '127.0.0.1', noDelay: true });
    const [{ ports }] = await createDevice({ relay: open, tokens: ['secret'], expose: [{ to: target }] }).start();
    return ports[0].port;
  },
  forward: ({ target }) =>
    new Promise((resolve) => {
      const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
        const onward = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
        for (const each of [socket, onward]) each.on('error', () => each.destroy());
        socket.pipe(onward).pipe(socket);
      });
      server.listen(0, '127.0.0.1', () => resolve(server.address().port));
    }),
});
