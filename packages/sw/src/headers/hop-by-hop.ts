/**
 * @module
 * Headers that speak of one connection and mean nothing on the next.
 *
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-7.6.1
 */

const hopByHop: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** @param connection the value of the `Connection` header, which may name more of them. */
export function isHopByHop(name: string, connection: string | null = null): boolean {
  if (hopByHop.has(name)) return true;
  return (
    connection !== null &&
    connection
      .toLowerCase()
      .split(/[\s,]+/)
      .includes(name)
  );
}
