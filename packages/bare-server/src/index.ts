/**
 * @module
 * A Bare server for Node: mount it on an HTTP server of yours, or let `createServer` open a port that speaks every HTTP.
 *
 * @example
 * const bare = createBareServer({ directory: '/bare/' });
 * const server = http.createServer(httpServerOptions, (request, response) => {
 *   if (bare.shouldRoute(request)) bare.routeRequest(request, response);
 *   else response.writeHead(404).end();
 * });
 * server.on('upgrade', (request, socket, head) => {
 *   if (bare.shouldRoute(request)) bare.routeUpgrade(request, socket, head);
 *   else socket.destroy();
 * });
 * server.on('clientError', bare.handleClientError);
 */
export { createBareServer, type BareServer } from './create-bare-server.js';
export { createServer, type Server, type ServerOptions } from './create-server.js';
export { ListenError, type ListenErrorCode, type Listening, type ListenOptions } from './port/listen.js';
export type { Connection, Endpoints } from './port/connection.js';
export { portDefaults, type PortOptions, type TunnelMode } from './port/options.js';
export type { RequestDetails } from './port/port-handlers.js';
export { keepSelfSignedCertificate, type KeptCertificate } from './port/tls/kept-certificate.js';
export { BareServerError, type BareServerErrorCode } from './errors.js';
export { httpServerOptions } from './http-server-options.js';
export { jsonLog, type LogEntry } from './operation/log.js';
export { MemoryMetaStore, type MetaStore } from './bare/v1-v2/meta-store.js';
export type { BareServerOptions, BareVersion, HttpSocketOptions, UpstreamOptions } from './options.js';
export {
  connectRedisMetaStore,
  type RedisMetaStore,
  type RedisMetaStoreOptions,
} from './bare/v1-v2/redis-meta-store.js';
export { runWorkers, type WorkerContext, type WorkerServer, type WorkersOptions } from './operation/workers.js';
export { defaults } from './options.js';
export type { AddressJudge } from './remote/address-judge.js';
export { judgeAddress, type AddressVerdict } from './remote/address-policy.js';
export { BlockedAddressError } from './remote/remote-errors.js';
