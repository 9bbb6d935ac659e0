/**
 * @module `srcset` and `imagesrcset`: the URLs in a list of image candidates.
 */

/**
 * Maps every candidate's URL and keeps all else as written.
 *
 * @see https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute
 */
export function rewriteSrcset(value: string, rewriteUrl: (url: string) => string): string {
  let output = '';
  let copied = 0;
  let position = 0;
  for (;;) {
    // Steps 4-5: whitespace and commas before a candidate.
    position = skip(value, position, /[\t\n\f\r ,]*/y);
    if (position >= value.length) break;
    // Steps 6-8: the URL; commas at its end are not part of it and end the candidate.
    const start = position;
    position = skip(value, position, /[^\t\n\f\r ]+/y);
    let end = position;
    while (value[end - 1] === ',') end--;
    output += value.slice(copied, start) + rewriteUrl(value.slice(start, end));
    copied = end;
    // Step 8, otherwise: descriptors, in which a comma may stand inside parentheses.
    if (end === position) position = skip(value, position, /(?:\([^)]*\)?|[^,(])*/y);
  }
  return output + value.slice(copied);
}

function skip(value: string, position: number, pattern: RegExp): number {
  pattern.lastIndex = position;
  pattern.test(value);
  return Math.max(pattern.lastIndex, position);
}
