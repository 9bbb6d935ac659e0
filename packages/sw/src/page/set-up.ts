/**
 * @module
 * What is known of a set-up without a browser, for command lines: how a script tag is read, and the checks that need nothing
 * but HTTP. No global of a page is used here.
 */
export { checkFallback, checkFile } from './doctor/http-checks.js';
export { ok, problem, skipped, warning, type Finding, type Verdict } from './doctor/finding.js';
export { readTag, type TagOptions } from './script-tag/attributes.js';
