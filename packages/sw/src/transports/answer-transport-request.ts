/**
 * @module
 * A page switches the transport. Proxied pages share the origin and can post to the worker too: what comes from below the scope,
 * or from a document without an address of its own, is refused, since who chooses the transport reads all that goes over it.
 */
import type { TransportAnswer, TransportRequest } from './transport-message.js';
import type { TransportSwitch } from './transport-switch.js';

interface RequestEvent {
  data: TransportRequest;
  source: unknown;
  ports: readonly { postMessage(message: TransportAnswer): void }[];
}

export async function answerTransportRequest(
  { data: { name, options }, source, ports }: RequestEvent,
  transports: Pick<TransportSwitch, 'choose'>,
  scope: string,
): Promise<void> {
  const answer = (outcome: { ok: true } | { ok: false; message: string }): void =>
    ports[0]?.postMessage({ culvert: 'transport', ...outcome });
  const { url = '' } = (source ?? {}) as { url?: string };
  if (!/^https?:/.test(url) || new URL(url).pathname.startsWith(scope)) {
    const message = `Failed to switch to the transport ${name}: ${url || 'who asks'} is no page outside of ${scope}. Call setTransport there.`;
    return answer({ ok: false, message });
  }
  try {
    await transports.choose({ name, options });
    answer({ ok: true });
  } catch (error) {
    answer({ ok: false, message: error instanceof Error ? error.message : String(error) });
  }
}
