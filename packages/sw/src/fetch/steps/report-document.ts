/**
 * @module
 * Tells listeners what a navigation has become: a document, or a file that the browser saves.
 */
import type { AnsweredRequest } from '../fetch-context.js';

/** What browsers show by themselves; they save all else. */
const shown =
  /^(?:text\/|image\/|audio\/|video\/|application\/(?:xhtml\+xml|xml|json|pdf|javascript|ogg)\b|[\w.+-]+\/[\w.-]+\+(?:xml|json)\b)/i;

/** For `waitUntil`. */
export async function reportDocument(context: AnsweredRequest, response: Response): Promise<void> {
  const { services, requestId, remoteUrl: url, isTopLevel } = context;
  const { interceptors } = services;
  const { status, headers } = response;
  // "No content" leaves the page where it is.
  if (!interceptors.has('navigate', 'download') || status === 204 || status === 205) return;
  const disposition = headers.get('content-disposition') ?? '';
  const mimeType = (headers.get('content-type') ?? '').split(';')[0]!.trim().toLowerCase();
  if (!/^\s*attachment/i.test(disposition) && (mimeType === '' || shown.test(mimeType))) {
    return interceptors.navigate({ requestId, url, status, isTopLevel });
  }
  const length = headers.get('content-length');
  const size = length !== null && /^\d+$/.test(length) ? Number(length) : null;
  await interceptors.download({ requestId, url, filename: filenameOf(disposition), mimeType, size });
}

/** RFC 6266 section 4.3; `nameDownload` has put the URL's there where the site gave none. */
function filenameOf(disposition: string): string {
  const extended = /;\s*filename\*\s*=\s*utf-8''([^;\s]*)/i.exec(disposition)?.[1];
  if (extended !== undefined) {
    try {
      return decodeURIComponent(extended);
    } catch {
      // Not UTF-8: the plain name has to do.
    }
  }
  const plain = /;\s*filename\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/i.exec(disposition);
  return (plain?.[1]?.replace(/\\(.)/g, '$1') ?? plain?.[2] ?? '').split(/[/\\]/).at(-1)!;
}
