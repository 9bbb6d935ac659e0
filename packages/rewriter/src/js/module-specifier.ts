/**
 * @module Where a module specifier that stands in the text leads.
 */
import { isJavaScriptMimeType } from '../text/mime-type.js';
import { parseDataUrl, serializeDataUrl } from '../text/data-url.js';
import type { ScopedImports } from './script-walk.js';

const dataScheme = /^\s*data:/i;
const relative = /^\.{0,2}\//;

/** The specifier itself if the browser is to resolve it. */
export function mapSpecifier(
  specifier: string,
  scopedImports: ScopedImports | undefined,
  rewriteModule: (source: string) => string,
): string {
  if (dataScheme.test(specifier)) return rewriteDataModule(specifier, rewriteModule);
  if (!scopedImports) return specifier;
  const { baseUrl, toBrowser } = scopedImports;
  // A bare specifier is the import map's.
  if (relative.test(specifier)) {
    return URL.canParse(specifier, baseUrl) ? toBrowser(new URL(specifier, baseUrl).href) : specifier;
  }
  return URL.canParse(specifier) ? toBrowser(new URL(specifier).href) : specifier;
}

function rewriteDataModule(specifier: string, rewriteModule: (source: string) => string): string {
  if (!URL.canParse(specifier)) return specifier;
  const parsed = parseDataUrl(new URL(specifier).href);
  if (parsed === null || !isJavaScriptMimeType(parsed.mediaType)) return specifier;
  const source = new TextDecoder().decode(parsed.body);
  const rewritten = rewriteModule(source);
  return rewritten === source ? specifier : serializeDataUrl(parsed.mediaType, rewritten);
}
