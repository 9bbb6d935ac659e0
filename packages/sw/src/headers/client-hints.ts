/**
 * @module
 * The headers that tell of the browser alone: User-Agent, Accept-Language and the low-entropy client hints.
 */
import type { HeaderPair } from '@culvert/bare-client';

/** The part of `navigator` that is read; TypeScript's library does not know `userAgentData`. */
export interface BrowserIdentity {
  readonly userAgent: string;
  readonly languages: readonly string[];
  readonly userAgentData?: {
    readonly brands: readonly { readonly brand: string; readonly version: string }[];
    readonly mobile: boolean;
    readonly platform: string;
  };
}

/** Chrome's form: falling quality, down to 0.1. A region is followed by its language. */
export function acceptLanguage(languages: readonly string[]): string {
  const expanded: string[] = [];
  languages.forEach((language, i) => {
    expanded.push(language);
    const base = language.split('-')[0]!;
    const nextHasBase = languages[i + 1]?.split('-')[0] === base;
    if (base !== language && !nextHasBase && !languages.includes(base)) expanded.push(base);
  });
  return expanded.map((language, i) => (i === 0 ? language : `${language};q=${Math.max(1, 10 - i) / 10}`)).join(',');
}

/** Empty in browsers that send none. @see https://wicg.github.io/ua-client-hints/#http-ua-hints */
export function clientHints({ userAgentData }: BrowserIdentity): HeaderPair[] {
  if (!userAgentData) return [];
  const brands = userAgentData.brands.map(({ brand, version }) => `${quote(brand)};v=${quote(version)}`).join(', ');
  return [
    ['sec-ch-ua', brands],
    ['sec-ch-ua-mobile', userAgentData.mobile ? '?1' : '?0'],
    ['sec-ch-ua-platform', quote(userAgentData.platform)],
  ];
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}
