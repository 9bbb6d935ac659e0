/**
 * @module
 * The pools of connections to remotes. Every connection is read by a BulkReader.
 */
import http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { BulkReader } from './bulk-reader.js';

/** Servers that close sooner mostly say so (`Keep-Alive: timeout=5`), and Node's agent heeds it. */
const idleTimeout = 15_000;
const agentOptions: http.AgentOptions = { keepAlive: true, timeout: idleTimeout, scheduling: 'lifo' };

/** Of Node's agent; not in its types, though agents of others are made by it (agent-base). */
interface AgentInternals {
  addRequest(request: http.ClientRequest, options: http.RequestOptions): void;
}

/** Takes the shortest way to a connection that is free: Node's copies the options, which only a new one has a use for. */
class ReusingAgent extends http.Agent {
  /** Of the many options that Node's name joins, ours differ in these two alone. */
  override getName({ host, port }: http.ClientRequestArgs = {}): string {
    return `${host}:${port}`;
  }

  addRequest(request: http.ClientRequest, options: http.RequestOptions): void {
    const name = this.getName(options);
    const free = this.freeSockets[name];
    let socket = free?.pop();
    while (socket?.destroyed) socket = free?.pop();
    if (free?.length === 0) delete (this.freeSockets as Record<string, Socket[]>)[name];
    if (socket === undefined) {
      (http.Agent.prototype as unknown as AgentInternals).addRequest.call(this, request, options);
      return;
    }
    ((this.sockets as Record<string, Socket[]>)[name] ??= []).push(socket);
    this.reuseSocket(socket, request);
    request.onSocket(socket);
  }
}

type Create = (options: object, callback?: (error: Error | null, stream: Duplex) => void) => Duplex | null | undefined;

export function createHttpAgent(): http.Agent {
  return readInBulk(new ReusingAgent(agentOptions));
}

export function createHttpsAgent(): https.Agent {
  return readInBulk(new https.Agent(agentOptions));
}

/** `createConnection` is where an agent is meant to be extended (Node's documentation of http.Agent); its types leave it out. */
function readInBulk<Agent extends http.Agent>(agent: Agent): Agent {
  const pool = agent as unknown as { createConnection: Create };
  const create = pool.createConnection.bind(agent);
  pool.createConnection = (options, callback) => {
    const reader = new BulkReader();
    const socket = create({ ...options, onread: reader.onread }, callback);
    if (socket) reader.attach(socket as Socket);
    return socket;
  };
  return agent;
}
