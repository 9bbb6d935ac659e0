/**
 * @module The CORS rules for synchronous requests, the only ones that a page decides itself: needed by few pages, and so not in
 * the part that boots.
 */
import type * as rules from '../cors-rules.js';
import { rewriters } from './rewriters-loader.js';

export type { CorsRequest } from '../cors-rules.js';

export const corsCheck: typeof rules.corsCheck = (remote, request) => rewriters().corsCheck(remote, request);

export const exposure: typeof rules.exposure = (remote, credentials) => rewriters().exposure(remote, credentials);

export const isSafelistedMethod: typeof rules.isSafelistedMethod = (method) => rewriters().isSafelistedMethod(method);

export const judgePreflight: typeof rules.judgePreflight = (answer, preflight) =>
  rewriters().judgePreflight(answer, preflight);

export const unsafeHeaderNames: typeof rules.unsafeHeaderNames = (headers) => rewriters().unsafeHeaderNames(headers);
