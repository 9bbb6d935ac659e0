/**
 * @module
 * The clients in this process. Without a WebSocket in the realm the published clients do not even load, so Node 20 is started
 * with its experimental one (`run.mjs`); ours is given that of `ws`, as it would be there.
 */
import { WebSocket } from 'ws';
import { createClients } from './clients.mjs';

export async function loadNodeClients(ours) {
  const modules = {
    ours: await import(ours.client),
    'client-2.1.0': await import('@tomphttp/bare-client'),
    'client-1.1.1': await import('bare-client-1'),
    // By file: in Node the package's entry only says where its files are.
    'bare-as-module3': await import('../node_modules/@mercuryworkshop/bare-as-module3/dist/index.mjs'),
  };
  return createClients(modules, WebSocket);
}
