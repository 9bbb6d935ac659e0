/**
 * @module
 * Addresses as the output names them.
 */

/** `127.0.0.1:59600`, `[::1]:59600`; an IPv4 address that came in over IPv6 is written as IPv4. */
export function addressText(host: string, port: number): string {
  const address = host.replace(/^::ffff:(?=\d+\.)/i, '');
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
