/**
 * @module Companion attributes: what the author wrote, kept beside a value that had to change.
 */

/**
 * `<iframe src="real">` becomes `<iframe src="scoped" culvert-src="real">`. Attribute APIs must hide every attribute
 * with this prefix and read its value in place of the attribute it is named after. A page's own attributes with this
 * prefix are dropped from its markup, so that a companion is always ours.
 */
export const companionPrefix = 'culvert-';

/** The companion of an attribute, by its qualified name (`xlink:href` has `culvert-xlink-href`: XML would want a prefix declared). */
export function companionName(attributeName: string): string {
  return companionPrefix + attributeName.replace(':', '-');
}
