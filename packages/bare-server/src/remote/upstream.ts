/**
 * @module
 * The way to remotes that all requests and WebSockets of one server share: its connections, its name resolution and its address
 * policy. An address is judged where it is used: what `connect` gets from our lookup is what has been judged.
 */
import { lookup as dnsLookup, type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { defaults, type UpstreamOptions } from '../options.js';
import { AddressJudge } from './address-judge.js';
import { createHttpAgent, createHttpsAgent } from './agents.js';
import { stripBrackets } from './address-policy.js';
import { Http2Sessions } from './http2-sessions.js';
import { parseResolveTable } from './resolve-table.js';

/** What `http.request`, `net.connect` and `tls.connect` need to know of a target. */
export interface Target {
  host: string;
  port: number;
  lookup: LookupFunction;
  autoSelectFamilyAttemptTimeout: number;
  /** Only for TLS: the name for SNI and for the certificate, '' for an IP address, which SNI cannot carry. */
  servername?: string;
  rejectUnauthorized?: boolean;
  secureContext?: SecureContext;
}

/** Node's 250 ms are less than a handshake takes over a slow link. */
const familyAttemptTimeout = 1_000;

export class Upstream {
  readonly connectTimeout: number;
  readonly headersTimeout: number;
  readonly httpAgent = createHttpAgent();
  readonly httpsAgent = createHttpsAgent();
  readonly #resolveTable;
  readonly judge: AddressJudge;
  /** Null when HTTP/2 is not wanted. */
  readonly http2Sessions: Http2Sessions | null;
  readonly #systemLookup: NonNullable<UpstreamOptions['lookup']>;
  readonly #rejectUnauthorized: boolean;
  /** One for all connections: to parse the authorities for each of them would take longer than the handshake. */
  readonly #secureContext: SecureContext | null;
  readonly #lookups = new Map<number, LookupFunction>();

  constructor(options: UpstreamOptions) {
    this.connectTimeout = options.connectTimeout ?? defaults.connectTimeout;
    this.headersTimeout = options.headersTimeout ?? defaults.headersTimeout;
    this.#resolveTable = parseResolveTable(options.resolve ?? []);
    this.judge = new AddressJudge(options);
    this.http2Sessions = options.http2 ? new Http2Sessions(this) : null;
    this.#systemLookup = options.lookup ?? ((host, callback) => dnsLookup(host, { all: true }, callback));
    this.#rejectUnauthorized = !options.insecure;
    this.#secureContext = options.ca ? createSecureContext({ ca: [...rootCertificates, ...options.ca] }) : null;
  }

  /** @throws BlockedAddressError when the URL's host is an address that is not allowed */
  target(url: URL): Target {
    const isSecure = url.protocol === 'https:' || url.protocol === 'wss:';
    const port = url.port === '' ? (isSecure ? 443 : 80) : Number(url.port);
    const host = stripBrackets(url.hostname);
    const isAddress = isIP(host) !== 0;
    // No lookup is made for an address, so it is judged, or replaced, here.
    const address = isAddress ? (this.#resolveTable.find(host, port)?.[0] ?? host) : host;
    if (isAddress) this.judge.judge(host, address, port);
    const target: Target = {
      host: address,
      port,
      lookup: this.#lookupFor(port),
      autoSelectFamilyAttemptTimeout: familyAttemptTimeout,
    };
    if (isSecure) {
      target.servername = isAddress ? '' : host;
      target.rejectUnauthorized = this.#rejectUnauthorized;
      if (this.#secureContext) target.secureContext = this.#secureContext;
    }
    return target;
  }

  close(): void {
    this.httpAgent.destroy();
    this.httpsAgent.destroy();
    this.http2Sessions?.close();
  }

  #lookupFor(port: number): LookupFunction {
    const known = this.#lookups.get(port);
    if (known) return known;
    const lookup: LookupFunction = (host, options, callback) => {
      this.#resolve(host, port, (error, addresses) => {
        const wanted = options.family === 4 || options.family === 6 ? options.family : null;
        const usable = wanted === null ? addresses : addresses.filter(({ family }) => family === wanted);
        const first = usable[0];
        if (error !== null || first === undefined) callback(error ?? notFound(host), options.all ? [] : '', 0);
        else if (options.all) callback(null, usable);
        else callback(null, first.address, first.family);
      });
    };
    // Keeps a scan over ports from filling the memory.
    if (this.#lookups.size < 1_000) this.#lookups.set(port, lookup);
    return lookup;
  }

  /** Every address of a name has to be allowed: one that is not means the name is up to no good, or is not meant for us. */
  #resolve(host: string, port: number, callback: (error: Error | null, addresses: LookupAddress[]) => void): void {
    const deliver = (error: Error | null, addresses: LookupAddress[]): void => {
      if (error !== null) {
        callback(error, []);
        return;
      }
      try {
        for (const { address } of addresses) this.judge.judge(host, address, port);
      } catch (blocked) {
        callback(blocked as Error, []);
        return;
      }
      callback(null, addresses);
    };
    const fixed = this.#resolveTable.find(host, port) ?? (isLocalhost(host) ? ['127.0.0.1', '::1'] : null);
    if (fixed !== null) {
      process.nextTick(
        deliver,
        null,
        fixed.map((address) => ({ address, family: isIP(address) })),
      );
      return;
    }
    this.#systemLookup(host, deliver);
  }
}

/** Browsers resolve these without DNS (Secure Contexts, section 5.2), and so must we. */
function isLocalhost(host: string): boolean {
  return /(?:^|\.)localhost\.?$/i.test(host);
}

function notFound(host: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`No address of the wanted family for ${host}`), { code: 'ENOTFOUND' });
}
