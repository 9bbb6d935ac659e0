/**
 * @module
 * The `culvert` command as a function, and the site that `culvert serve` serves.
 *
 * @example
 * process.exitCode = await main(['serve', '--port', '0']);
 */
export { main, type MainOptions } from './main.js';
export { SiteError, type SiteErrorCode } from './site/errors.js';
export { startSite, type Site, type SiteOptions } from './site/start-site.js';
