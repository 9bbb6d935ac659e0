/**
 * @module The grammar of header values that carry URLs. Which headers are kept, dropped or made is the worker's policy.
 */
export { rewriteLocation } from './location.js';
export { rewriteRefresh, parseRefresh, type Refresh } from './refresh.js';
export { rewriteLink } from './link.js';
export {
  admitsByHash,
  admitsUrl,
  allowsAllInline,
  effectiveDirective,
  matchesSources,
  parsePolicies,
  parsePolicy,
  serializePolicy,
  translatePolicy,
  type MatchedDirective,
  type Policy,
  type PolicyTranslation,
} from './content-security-policy.js';
export { encodeRequiredPolicy } from './required-policy.js';
export { leakGuardPolicy } from './leak-guard-policy.js';
export type { HeaderContext } from './header-context.js';
