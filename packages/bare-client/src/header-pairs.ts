/**
 * @module
 * Headers as callers give them, as pairs.
 */
import { toHeaderPairs, type HeaderPair } from '@culvert/bare-protocol';
import type { BareHeadersInit } from './options.js';

/** A new array of new pairs: what the caller passed is never changed. */
export function readHeaderPairs(init: BareHeadersInit | undefined): HeaderPair[] {
  if (init === undefined) return [];
  if (Array.isArray(init)) return init.map(([name, value]) => [name, value]);
  // Not `instanceof`: the caller may live in another realm.
  if (typeof init.forEach === 'function') {
    const pairs: HeaderPair[] = [];
    (init as Headers).forEach((value, name) => pairs.push([name, value]));
    return pairs;
  }
  return toHeaderPairs(init as Record<string, string | string[]>);
}

export function hasHeader(pairs: HeaderPair[], name: string): boolean {
  return pairs.some(([candidate]) => candidate.toLowerCase() === name);
}

/** First value, as a site's own parser would see it. */
export function getHeader(pairs: HeaderPair[], name: string): string | null {
  return pairs.find(([candidate]) => candidate.toLowerCase() === name)?.[1] ?? null;
}

/** @param names in lower case */
export function withoutHeaders(pairs: HeaderPair[], names: ReadonlySet<string>): HeaderPair[] {
  return pairs.filter(([name]) => !names.has(name.toLowerCase()));
}
