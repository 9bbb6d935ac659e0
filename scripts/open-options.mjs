/**
 * Reads the options of `npm run open`.
 */

export const usage = `Usage: npm run open -- <url> [options]

Opens a page through a running Culvert in headless Chromium and tells what happened. Exits with 1 if the page failed or if
a request bypassed the service worker.

  --server <url>         where Culvert is (http://localhost:8080)
  --screenshot <file>    saves a PNG of the page
  --size <width>x<height>  of the window (1280x800)
  --timeout <ms>         for the page to load (30000)
  --json                 prints one JSON object
  --verbose              lists all requests
  --help                 show this
`;

export class OptionError extends Error {
  constructor(message) {
    super(message);
    this.name = 'OptionError';
  }
}

const flags = new Set(['--json', '--verbose', '--help']);
const values = new Set(['--server', '--screenshot', '--size', '--timeout']);

/**
 * @param {string[]} args
 * @returns {import('./open-options.d.mts').OpenOptions}
 * @throws {OptionError}
 */
export function parseOpenOptions(args) {
  const given = {};
  const urls = [];
  for (let i = 0; i < args.length; i++) {
    const equals = args[i].startsWith('--') ? args[i].indexOf('=') : -1;
    const name = equals < 0 ? args[i] : args[i].slice(0, equals);
    if (!name.startsWith('--')) urls.push(name);
    else if (flags.has(name)) given[name] = true;
    else if (values.has(name)) {
      const value = equals < 0 ? args[++i] : args[i].slice(equals + 1);
      if (!value || (equals < 0 && value.startsWith('--'))) throw new OptionError(`${name} needs a value.`);
      given[name] = value;
    } else throw new OptionError(`Unknown option ${name}. See npm run open -- --help`);
  }
  const help = given['--help'] === true;
  if (!help && urls.length !== 1) throw new OptionError(`Give one URL to open.\n\n${usage}`);
  return {
    help,
    url: help ? '' : parseWebUrl(/^[a-z][a-z\d+.-]*:\/\//i.test(urls[0]) ? urls[0] : `https://${urls[0]}`, 'The page'),
    server: new URL('/', parseWebUrl(given['--server'] ?? 'http://localhost:8080', '--server')).href,
    screenshot: given['--screenshot'],
    size: parseSize(given['--size'] ?? '1280x800'),
    timeout: parseTimeout(given['--timeout'] ?? '30000'),
    json: given['--json'] === true,
    verbose: given['--verbose'] === true,
  };
}

function parseWebUrl(text, name) {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return new URL(text).href;
  throw new OptionError(`${name} is "${text}", which is no http: or https: URL.`);
}

function parseTimeout(text) {
  if (/^\d+$/.test(text) && Number(text) > 0) return Number(text);
  throw new OptionError(`--timeout is "${text}". Give milliseconds, for example 30000.`);
}

function parseSize(text) {
  const [, width, height] = /^(\d{2,5})x(\d{2,5})$/.exec(text) ?? [];
  if (!width) throw new OptionError(`--size is "${text}". Give width and height, for example 1280x800.`);
  return { width: Number(width), height: Number(height) };
}
