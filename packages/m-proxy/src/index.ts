/**
 * @module
 * The M-PROXY protocol, version 1: many clients to many devices over one stream of bytes. Runs in windows, workers and
 * Node. The tunnel built on it, for Node alone, is `@culvert/m-proxy/tunnel`.
 */
export { addrToId, socketToAddr, socketToId, Stream, wrapSocket } from './address.js';
export type { Address, ClientAddress, SocketAddress, SocketLike } from './address.js';
export { packControl, parseControl } from './control.js';
export type { ControlError, ControlMessage } from './control.js';
export { MProxyError } from './errors.js';
export type { CodecErrorCode, MessageField, MProxyErrorCode, MProxyErrorDetails, TunnelErrorCode } from './errors.js';
export { isServiceEvent, maxHeaderLength, serviceEvents, states, version, versionByte } from './frame.js';
export type { EventName, ServiceEvent, State } from './frame.js';
export type { ErrorMessage, Message } from './message.js';
export { pack, packHeader, packMessage } from './pack.js';
export type { PackData } from './pack.js';
export { completeAddress, createTransform, createUnpackTransform, Transform } from './streams.js';
export type { TransformOptions, UnpackedEvent } from './streams.js';
export { create, Unpacker } from './unpacker.js';
export type { Machine, UnpackerHandlers, UnpackerLimits } from './unpacker.js';
