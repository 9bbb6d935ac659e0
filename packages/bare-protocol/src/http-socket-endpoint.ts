/**
 * @module
 * Where a v3 WebSocket can be had over plain HTTP requests, below `v3/`. No part of the Bare specification: a server without it
 * answers as for any path that it does not know.
 */
export const httpSocketEndpoint = 'socket/';
