/**
 * @module
 * A CONNECT, over whichever HTTP it came: refused, forwarded, or ended in ourselves, as the options say.
 */
import { BareProtocolError } from '@culvert/bare-protocol';
import { readConnectTarget } from './absolute-url.js';
import { tunnelConnection, type Connection } from './connection.js';
import { NestedStream } from './nested-stream.js';
import type { PortLimits } from './options.js';
import type { OpenTunnel, PortHandlers } from './port-handlers.js';

export interface ConnectRequest {
  authority: string | undefined;
  /** What it was said over. */
  connection: Connection;
  /** What it was said in, such as `h2`. */
  http: string;
  tunnel: OpenTunnel;
}

/** @param enter serves the inside of a tunnel that ends in ourselves */
export function answerConnect(
  { authority, connection, http, tunnel }: ConnectRequest,
  handlers: PortHandlers,
  { tunnels, maxTunnelDepth }: PortLimits,
  enter: (inner: Connection) => void,
): void {
  const target = readConnectTarget(authority);
  if (target === null) {
    const message = `CONNECT is for host:port, not for ${JSON.stringify(authority ?? '')}.`;
    tunnel.refuse(new BareProtocolError('IMPL_INVALID_REQUEST', 'request', message));
  } else if (tunnels === 'refuse') {
    tunnel.refuse(new BareProtocolError('IMPL_TUNNEL_REFUSED', 'request', 'This server opens no tunnels.'));
  } else if (tunnels === 'forward') {
    handlers.forward(target, tunnel, { connection });
  } else if (connection.depth >= maxTunnelDepth) {
    const message = `This is ${connection.depth} tunnels deep, which is the limit (maxTunnelDepth).`;
    tunnel.refuse(new BareProtocolError('IMPL_TUNNEL_REFUSED', 'request', message));
  } else {
    enter(tunnelConnection(connection, http, authority!, new NestedStream(tunnel.accept(), connection.stream)));
  }
}
