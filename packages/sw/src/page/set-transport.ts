/**
 * @module
 * Tells the active worker which transport to take.
 */
import type { TransportAnswer, TransportRequest } from '../transports/transport-message.js';
import { ProxyError } from './errors.js';

/** A transport may have a few megabytes of WebAssembly to start. */
const patience = 30_000;

/** @throws ProxyError TRANSPORT_FAILED */
export async function setTransport(scope: string, name: string, options?: unknown): Promise<void> {
  const registration = await navigator.serviceWorker.getRegistration(scope);
  const worker = registration?.active;
  if (!worker || new URL(registration.scope).pathname !== scope) {
    throw failed(name, `no worker is active at ${scope}. Call register() first, and wait for it.`);
  }
  const answer = await ask(worker, { culvert: 'set-transport', name, options });
  if (answer === null) throw failed(name, `the worker did not answer within ${patience / 1000} s.`);
  if (!answer.ok) throw new ProxyError('TRANSPORT_FAILED', answer.message);
}

function ask(worker: ServiceWorker, request: TransportRequest): Promise<TransportAnswer | null> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const finish = (answer: TransportAnswer | null): void => {
      clearTimeout(timer);
      port1.close();
      resolve(answer);
    };
    const timer = setTimeout(() => finish(null), patience);
    port1.onmessage = ({ data }: MessageEvent<TransportAnswer>) => finish(data);
    worker.postMessage(request, [port2]);
  });
}

function failed(name: string, reason: string): ProxyError {
  return new ProxyError('TRANSPORT_FAILED', `Failed to switch to the transport ${name}: ${reason}`);
}
