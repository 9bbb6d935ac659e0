/**
 * @module Finds the URLs in CSS text. Apart from what calls it, so that the runtime can load what is below here late.
 */
import { findCssUrlsByTokens, type CssUrl } from './css-urls.js';
import { findCssUrlsFast } from './find-urls-fast.js';

/** By the fast way where that is sure, else by tokens. */
export function findCssUrls(css: string, onUrl: (url: CssUrl) => void): void {
  const urls = findCssUrlsFast(css);
  if (urls === null) findCssUrlsByTokens(css, onUrl);
  else urls.forEach(onUrl);
}
