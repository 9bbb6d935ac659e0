/**
 * @module What synchronous requests need, the only ones that a page makes itself: the form of a Bare request, and the CORS rules. Few
 * pages have any, so these are not in the part that boots.
 */
import type * as bare from '@culvert/bare-client';
import type * as rules from '../cors-rules.js';
import { rewriters } from './rewriters-loader.js';

export type { CorsRequest } from '../cors-rules.js';

export const corsCheck: typeof rules.corsCheck = (remote, request) => rewriters().corsCheck(remote, request);

export const exposure: typeof rules.exposure = (remote, credentials) => rewriters().exposure(remote, credentials);

export const isSafelistedMethod: typeof rules.isSafelistedMethod = (method) => rewriters().isSafelistedMethod(method);

export const judgePreflight: typeof rules.judgePreflight = (answer, preflight) =>
  rewriters().judgePreflight(answer, preflight);

export const unsafeHeaderNames: typeof rules.unsafeHeaderNames = (headers) => rewriters().unsafeHeaderNames(headers);

export const encodeBareRequest: typeof bare.encodeBareRequest = (...request) =>
  rewriters().encodeBareRequest(...request);

export const decodeBareResponse: typeof bare.decodeBareResponse = (...answer) =>
  rewriters().decodeBareResponse(...answer);
