/**
 * @module
 * What the user chose, kept in localStorage. Proxied pages have names of their own there.
 */
import { isSearchTemplate } from './address.js';

export interface Settings {
  searchEngine: SearchEngineId;
  /** The search URL where the engine is "custom". */
  searchTemplate: string;
}

export type SearchEngineId = 'duckduckgo' | 'wikipedia' | 'bing' | 'google' | 'custom' | 'none';

/** In the order in which they are offered. */
export const searchEngines: Readonly<Record<SearchEngineId, { label: string; template: string | null }>> = {
  duckduckgo: { label: 'DuckDuckGo', template: 'https://html.duckduckgo.com/html/?q=%s' },
  wikipedia: { label: 'Wikipedia', template: 'https://en.wikipedia.org/w/index.php?search=%s' },
  bing: { label: 'Bing', template: 'https://www.bing.com/search?q=%s' },
  google: { label: 'Google', template: 'https://www.google.com/search?q=%s' },
  custom: { label: 'Another search engine…', template: null },
  none: { label: 'Nothing: open addresses only', template: null },
};

const storageKey = 'culvert-demo:settings';
const defaults: Settings = { searchEngine: 'duckduckgo', searchTemplate: '' };

export function loadSettings(): Settings {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Partial<Settings>;
    const searchEngine = stored.searchEngine && Object.hasOwn(searchEngines, stored.searchEngine);
    return {
      searchEngine: searchEngine ? (stored.searchEngine as SearchEngineId) : defaults.searchEngine,
      searchTemplate: typeof stored.searchTemplate === 'string' ? stored.searchTemplate : defaults.searchTemplate,
    };
  } catch {
    // Site data is blocked, or something else wrote there.
    return { ...defaults };
  }
}

export function saveSettings(settings: Settings): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(settings));
  } catch {
    // Site data is blocked: the settings hold until the page is closed.
  }
}

/** @returns the search URL with `%s`, or null where nothing is searched for */
export function searchTemplateOf({ searchEngine, searchTemplate }: Settings): string | null {
  if (searchEngine === 'custom') return isSearchTemplate(searchTemplate) ? searchTemplate : null;
  return searchEngines[searchEngine].template;
}
