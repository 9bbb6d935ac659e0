/**
 * @module
 * What is known of a set-up without a browser, for command lines and plugins: how a script tag is read, how pages are filled in, and
 * the checks that need nothing but HTTP. No global of a page is used here.
 */
export { checkFallback, checkFile } from './doctor/http-checks.js';
export { ok, problem, skipped, warning, type Finding, type Verdict } from './doctor/finding.js';
export { fillInAttributes } from './fill-in-attributes.js';
export { readTag, type TagOptions } from './script-tag/attributes.js';
