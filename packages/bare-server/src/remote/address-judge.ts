/**
 * @module
 * The one judge of where a server may connect to: HTTP, WebSockets and CONNECT all ask it, with the address that the connection will
 * be made to.
 */
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { UpstreamOptions } from '../options.js';
import { effectiveAddress, judgeAddress, normalizeAddress, stripBrackets } from './address-policy.js';
import { BlockedAddressError } from './remote-errors.js';
import { parseTargetRules, type TargetRule } from './target-rules.js';

const interfacesMaxAge = 10_000;

export class AddressJudge {
  readonly #allow: TargetRule[];
  readonly #deny: TargetRule[];
  readonly #allowPrivate: boolean;
  readonly #listeningPorts = new Set<number>();
  #interfaceAddresses: { at: number; addresses: Set<string> } | null = null;

  /** @throws BareServerError for rules that cannot be read */
  constructor(options: Pick<UpstreamOptions, 'allow' | 'deny' | 'allowPrivate'>) {
    this.#allow = parseTargetRules(options.allow ?? [], 'allow');
    this.#deny = parseTargetRules(options.deny ?? [], 'deny');
    this.#allowPrivate = options.allowPrivate ?? false;
  }

  /** Tells which ports are ours, so that nobody sends us to ourselves by a public address. */
  addListeningPort(port: number | undefined): void {
    if (port !== undefined) this.#listeningPorts.add(port);
  }

  /**
   * @param host as the client named it
   * @param address what it stands for, and what will be connected to
   * @throws BlockedAddressError
   */
  judge(host: string, address: string, port: number): void {
    const name = stripBrackets(host).toLowerCase().replace(/\.$/, '');
    const text = stripBrackets(address);
    const parsed = ipaddr.isValid(text) ? effectiveAddress(ipaddr.parse(text)) : null;
    const matches = (rule: TargetRule): boolean => rule.matches(name, parsed, port);
    if (this.#deny.some(matches)) throw new BlockedAddressError(host, address, 'denied', 'rule');
    const allowing = this.#allow.filter(matches);
    if (this.#allow.length > 0 && allowing.length === 0) {
      throw new BlockedAddressError(host, address, 'not on the list of those allowed', 'rule');
    }
    if (this.#allowPrivate) return;
    const { isAllowed, range } = judgeAddress(address);
    if (!isAllowed && !allowing.some(({ isAddressRule }) => isAddressRule)) {
      throw new BlockedAddressError(host, address, range, 'range');
    }
    if (this.#listeningPorts.has(port) && this.#isOwnAddress(address)) {
      throw new BlockedAddressError(host, address, 'this server itself', 'range');
    }
  }

  #isOwnAddress(address: string): boolean {
    const now = Date.now();
    if (this.#interfaceAddresses === null || now - this.#interfaceAddresses.at > interfacesMaxAge) {
      const interfaces = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
      this.#interfaceAddresses = {
        at: now,
        addresses: new Set(interfaces.map(({ address }) => normalizeAddress(address))),
      };
    }
    const { range } = judgeAddress(address);
    return (
      range === 'loopback' ||
      range === 'unspecified' ||
      this.#interfaceAddresses.addresses.has(normalizeAddress(address))
    );
  }
}
