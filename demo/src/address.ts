/**
 * @module
 * Decides what the text of the address field means: a URL, words to search for, or neither.
 */

export type Address =
  | { kind: 'url' | 'search'; url: string }
  | { kind: 'error'; code: 'EMPTY' | 'UNSUPPORTED_SCHEME' | 'NOT_A_URL'; message: string };

export interface AddressOptions {
  /** The search engine's URL with `%s` for the words; null where nothing is searched for. */
  searchTemplate: string | null;
}

/** Schemes that people know. Others are taken for words ("std::vector") unless `//` follows. */
const otherSchemes = new Set(
  (
    'about blob chrome chrome-extension data edge file filesystem ftp ftps git gopher intent irc javascript magnet ' +
    'mailto moz-extension news resource sftp sms ssh tel view-source ws wss'
  ).split(' '),
);

/** Endings of file names that no host name has: "index.html" is more likely to be looked for than to be a site. */
const fileEndings = new Set(
  (
    'avi bmp cfg cpp cs css csv doc docx exe gif go-mod gz h htm html ini ipynb java jpeg jpg js json jsx kt log mjs mkv ' +
    'mp3 mp4 pdf php png ppt pptx svg toml ts tsx txt vue wav webp xls xlsx xml yaml yml'
  ).split(' '),
);

/** Hosts of the machine or the local network, which seldom have certificates. */
const localHost = /^(?:localhost|.*\.(?:localhost|local|internal|test|home\.arpa)|[^.]+)$/i;

export function parseAddress(input: string, { searchTemplate }: AddressOptions): Address {
  const text = input.trim().replace(/[\t\r\n]+/g, ' ');
  if (text === '') return { kind: 'error', code: 'EMPTY', message: 'Type a web address, or words to search for.' };

  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  if (scheme === 'http' || scheme === 'https') return parseWebUrl(text);
  // "localhost:3000" and "example.com:8443/x" look as if they began with a scheme.
  const hasPort = /^[^\s:/?#]+:\d{1,5}(?:[/?#]|$)/.test(text);
  if (scheme && !hasPort && isSchemeMeant(scheme, text)) {
    return {
      kind: 'error',
      code: 'UNSUPPORTED_SCHEME',
      message: `Addresses with ${scheme}: cannot be opened here, only http: and https: ones.`,
    };
  }
  const url = guessUrl(text.startsWith('//') ? text.slice(2) : text);
  if (url) return { kind: 'url', url };
  if (searchTemplate) return { kind: 'search', url: searchTemplate.replaceAll('%s', encodeURIComponent(text)) };
  return {
    kind: 'error',
    code: 'NOT_A_URL',
    message: 'This is not a web address, and searching is off in the settings.',
  };
}

/** @returns whether `template` can be used to search */
export function isSearchTemplate(template: string): boolean {
  return /^https?:\/\//i.test(template) && template.includes('%s') && URL.canParse(template.replaceAll('%s', 'x'));
}

function isSchemeMeant(scheme: string, text: string): boolean {
  const rest = text.slice(scheme.length + 1);
  if (rest.startsWith('//')) return true;
  return otherSchemes.has(scheme) && !/^\s/.test(rest);
}

function parseWebUrl(text: string): Address {
  // The URL parser takes "https:example.com", as browsers do.
  if (URL.canParse(text)) {
    const { href, hostname } = new URL(text);
    if (hostname && !/\s|%20/.test(hostname)) return { kind: 'url', url: href };
  }
  return { kind: 'error', code: 'NOT_A_URL', message: 'This is not a web address: check its host name and port.' };
}

/** @returns the URL that text without a scheme stands for, or null if it rather looks like words */
function guessUrl(text: string): string | null {
  const [, authority = '', rest = ''] = /^([^/?#]*)(.*)$/s.exec(text) ?? [];
  if (authority === '' || /[\s@"'<>(){},;!|\\^`]/.test(authority)) return null;
  const [, host = '', port] = /^(\[[^\]]*\]|[^:]*)(?::(\d{1,5}))?$/.exec(authority) ?? [];
  if (!isHost(host, { isMarked: port !== undefined || rest.startsWith('/') })) return null;
  const protocol = isAddressLiteral(host) || localHost.test(host) ? 'http' : 'https';
  const url = `${protocol}://${text}`;
  return URL.canParse(url) ? new URL(url).href : null;
}

function isAddressLiteral(host: string): boolean {
  return /^(?:\d{1,3}\.){3}\d{1,3}$/.test(host) || host.startsWith('[');
}

/** @param isMarked whether a port or a path shows that a host is meant */
function isHost(host: string, { isMarked }: { isMarked: boolean }): boolean {
  if (host === '') return false;
  if (isAddressLiteral(host) || host.toLowerCase() === 'localhost') return true;
  const labels = host.replace(/\.$/, '').split('.');
  if (!labels.every((label) => /^[\p{L}\p{M}\p{N}_-]+$/u.test(label))) return false;
  const last = labels.at(-1) ?? '';
  // Numbers and versions ("3.14") are parsed as IPv4 addresses in short form. Nobody means those.
  if (/^\d+$/.test(last)) return false;
  if (labels.length === 1) return isMarked;
  if (!isMarked && labels.length === 2 && fileEndings.has(last.toLowerCase())) return false;
  return /^(?:xn--[a-z\d-]+|\p{L}[\p{L}\p{M}]+)$/iu.test(last);
}
