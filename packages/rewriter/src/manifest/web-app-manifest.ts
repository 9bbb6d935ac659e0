/**
 * @module Web app manifests. The browser fetches one from a route of ours and resolves what is in it against that
 * route, so every URL is made absolute, and all but the images are scoped: they are navigated to, or have to be
 * same-origin with the document.
 *
 * @see https://www.w3.org/TR/appmanifest/
 */
import { parseUrl, toBrowser, type UrlClass, type UrlSettings } from '../url/index.js';

export interface ManifestContext {
  /** The manifest's real URL. */
  manifestUrl: string;
  /** The real URL of the document that links to it: the default of `start_url`. */
  documentUrl: string;
  settings: UrlSettings;
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Members that hold a URL, and members that hold objects with such members. `%s` in a protocol handler stays. */
interface Shape {
  readonly urls?: Readonly<Record<string, UrlClass>>;
  readonly lists?: Readonly<Record<string, Shape>>;
  readonly objects?: Readonly<Record<string, Shape>>;
}

const image: Shape = { urls: { src: 'icon' } };

const manifest: Shape = {
  urls: { start_url: 'document', scope: 'document' },
  lists: {
    icons: image,
    screenshots: image,
    shortcuts: { urls: { url: 'document' }, lists: { icons: image } },
    file_handlers: { urls: { action: 'document' }, lists: { icons: image } },
    protocol_handlers: { urls: { url: 'document' } },
    related_applications: {},
  },
  objects: {
    share_target: { urls: { action: 'document' } },
    note_taking: { urls: { new_note_url: 'document' } },
  },
};

/** The placeholder of a protocol handler's URL, and what it is while the URL is encoded. */
const placeholder = '%s';

/**
 * @returns the manifest with its URLs for the browser; the text itself where it is no JSON object, which browsers
 * ignore as well. What is no URL, and what is no string, stays as it is.
 */
export function rewriteManifest(json: string, context: ManifestContext): string {
  const parsed = parseJson(json);
  if (!isObject(parsed)) return json;
  const rewritten = rewriteObject(parsed, manifest, context);
  // Without one the document's URL is taken, and as that the browser would have the proxy's.
  if (typeof rewritten.start_url !== 'string') {
    rewritten.start_url = toBrowser(context.documentUrl, 'document', context.settings);
  }
  // The default of `scope` is the folder of `start_url`, and all routes share theirs. What a page may claim as its scope
  // is not ours to widen: a scope is given only where the site gave one, as the route to exactly that URL.
  return JSON.stringify(rewritten);
}

function rewriteObject(
  value: JsonObject,
  { urls = {}, lists = {}, objects = {} }: Shape,
  context: ManifestContext,
): JsonObject {
  const rewritten: JsonObject = { ...value };
  for (const [name, urlClass] of Object.entries(urls)) {
    const url = value[name];
    if (typeof url === 'string') rewritten[name] = rewriteUrl(url, urlClass, context);
  }
  for (const [name, shape] of Object.entries(lists)) {
    const list = value[name];
    if (Array.isArray(list)) {
      rewritten[name] = list.map((item) => (isObject(item) ? rewriteObject(item, shape, context) : item));
    }
  }
  for (const [name, shape] of Object.entries(objects)) {
    const object = value[name];
    if (isObject(object)) rewritten[name] = rewriteObject(object, shape, context);
  }
  return rewritten;
}

function rewriteUrl(value: string, urlClass: UrlClass, { manifestUrl, settings }: ManifestContext): string {
  const url = parseUrl(value, manifestUrl);
  if (url === null) return value;
  const proxyUrl = toBrowser(url.href, urlClass, settings);
  return value.includes(placeholder) ? proxyUrl.replaceAll(encodeURIComponent(placeholder), placeholder) : proxyUrl;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** undefined for what is no JSON. A byte order mark is no part of it. */
function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text.replace(/^\ufeff/, '')) as Json;
  } catch {
    return undefined; // the browser ignores such a manifest
  }
}
