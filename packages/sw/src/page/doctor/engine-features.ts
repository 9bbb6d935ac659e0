/**
 * @module
 * What of the engine Culvert uses, and what is missing without it.
 */

interface EngineFeature {
  name: string;
  /** What does not work without it. */
  without: string;
  isRequired: boolean;
  isThere(): boolean;
}

export const engineFeatures: readonly EngineFeature[] = [
  {
    name: 'ReadableStream',
    without: 'Nothing can be proxied.',
    isRequired: true,
    isThere: () => typeof ReadableStream === 'function',
  },
  {
    name: 'IndexedDB',
    without: 'Cookies of proxied sites are forgotten when the worker stops.',
    isRequired: false,
    isThere: () => typeof indexedDB === 'object',
  },
  {
    name: 'Cache Storage',
    without: 'Every file of a proxied site is loaded again at each visit.',
    isRequired: false,
    isThere: () => typeof caches === 'object',
  },
  {
    name: 'Navigation API',
    without: 'Navigations by script to a real URL may be seen as a short flash of another address.',
    isRequired: false,
    isThere: () => 'navigation' in globalThis,
  },
  {
    name: 'WebSocket',
    without: 'Proxied pages have no WebSockets.',
    isRequired: false,
    isThere: () => typeof WebSocket === 'function',
  },
];
