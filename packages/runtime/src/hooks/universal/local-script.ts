/**
 * @module Scripts and documents that never reach the service worker, because their URL is blob: or data:. They are read and rewritten
 * here, and run from a blob of ours.
 */
import { rewriteScript } from '@culvert/rewriter';
import { rewriteBlobDocument } from '../../dom/srcdoc.js';
import { nativeGetter, nativeJsonStringify, nativeMethod, apply, nativeFunctionToString } from '../../natives.js';
import { rewriters, rewritersText } from '../../late/rewriters-loader.js';
import type { BootData } from '../../boot-data.js';
import type { Realm } from '../../realm/realm.js';

export interface LocalScripts {
  /** The text behind a blob: or data: URL; null when there is none any more. */
  read(url: string): string | null;
  /** A URL of the rewritten script; the given one when it can't be read, for the engine to report. */
  rewritten(url: string, kind: 'script' | 'module'): string;
  /** A URL of the document with the runtime in it, for a blob: URL of markup; the given one for anything else. */
  document(url: string): string;
  /** A URL from which a worker starts with the runtime in it. */
  workerUrl(url: string, kind: 'worker' | 'sharedworker', type: 'classic' | 'module'): string;
}

export function isLocalUrl(url: string): boolean {
  return url.startsWith('blob:') || url.startsWith('data:');
}

const known = new WeakMap<object, LocalScripts>();

export function localScripts(realm: Realm): LocalScripts {
  let scripts = known.get(realm);
  if (!scripts) known.set(realm, (scripts = create(realm)));
  return scripts;
}

function create(realm: Realm): LocalScripts {
  const global = realm.global as typeof globalThis;
  const { Blob, XMLHttpRequest, URL } = global;
  const createObjectURL = URL.createObjectURL.bind(URL);
  const request = XMLHttpRequest?.prototype;
  const open = request && nativeMethod<void>(request, 'open');
  const send = request && nativeMethod<void>(request, 'send');
  const responseText = request && nativeGetter<string>(request, 'responseText');
  const responseHeader = request && nativeMethod<string | null>(request, 'getResponseHeader');
  const sharedUrls = new Map<string, string>();

  const blobUrl = (text: string, type: string) => createObjectURL(new Blob([text], { type }));
  const scriptUrl = (text: string) => blobUrl(text, 'text/javascript');

  function load(url: string): { text: string; type: string } | null {
    const xhr = new XMLHttpRequest();
    try {
      // Synchronous, because the page may revoke the URL right after.
      open(xhr, 'GET', url, false);
      send(xhr);
      return { text: responseText(xhr), type: responseHeader(xhr, 'content-type') ?? '' };
    } catch {
      // Revoked, or of another partition.
      return null;
    }
  }
  const read = (url: string) => load(url)?.text ?? null;

  return {
    read,
    document(url) {
      const loaded = url.startsWith('blob:') ? load(url) : null;
      if (!loaded || !/[/+](?:x?html|xml|xhtml\+xml)\b/i.test(loaded.type)) return url;
      // A picture loads nothing from elsewhere. What else is XML is read as HTML: there alone a policy can stand in the markup.
      const isPicture = loaded.type.startsWith('image/');
      const markup = isPicture ? `<!doctype html><img src="${url}">` : loaded.text;
      return blobUrl(rewriteBlobDocument(realm, markup), 'text/html;charset=utf-8');
    },
    rewritten(url, kind) {
      const text = read(url);
      return text === null ? url : scriptUrl(rewriteScript(text, { kind }));
    },
    workerUrl(url, kind, type) {
      // Shared workers are found by their URL, so one URL stays one.
      const key = `${type} ${url}`;
      const before = kind === 'sharedworker' ? sharedUrls.get(key) : undefined;
      if (before) return before;
      const text = read(url);
      if (text === null) return url;
      const data: BootData = {
        ...realm.data,
        kind,
        url: url.startsWith('blob:') ? ownBlobUrl(realm, url) : url,
        referrer: '',
        cookies: [],
      };
      const source = apply(nativeFunctionToString, realm.source, []) as string;
      const bootUrl = nativeJsonStringify(
        scriptUrl(`(${source})(${nativeJsonStringify(workerData(data))},${rewritersText()})`),
      );
      const rewritten = rewriteScript(text, { kind: type === 'module' ? 'module' : 'script' });
      // All on the first line, so that the script's own lines keep their numbers.
      const workerUrl = scriptUrl(
        type === 'module'
          ? rewriters().moduleWorker(bootUrl, rewritten, kind, scriptUrl, global.navigator.userAgent)
          : `${startsStrict(text) ? '"use strict";' : ''}importScripts(${bootUrl});${rewritten}`,
      );
      if (kind === 'sharedworker') sharedUrls.set(key, workerUrl);
      return workerUrl;
    },
  };
}

/** A child realm's data holds its creator, which is no JSON. */
function workerData(data: BootData): BootData {
  const { kind, url, referrer, settings, bareServer, runtimeScript, cookies, topLevelSite, token, build } = data;
  const { absent } = data;
  return { kind, url, referrer, settings, bareServer, runtimeScript, cookies, topLevelSite, absent, token, build };
}

/** As it would be natively: with the page's origin in it, which is the worker's too. */
function ownBlobUrl(realm: Realm, url: string): string {
  return `blob:${realm.urls.origin()}${url.slice(url.lastIndexOf('/'))}`;
}

/** A directive has to stay in front. */
function startsStrict(source: string): boolean {
  return /^(?:\s|\/\/[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:'[^'\n]*'\s*;\s*|"[^"\n]*"\s*;\s*)*(?:'use strict'|"use strict")\s*(?:[;\n}]|$)/.test(
    source,
  );
}
