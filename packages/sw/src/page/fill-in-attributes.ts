/**
 * @module
 * The bootstrap page and the first page of a static site say where worker, scope and Bare server are in attributes. Whoever serves
 * or writes such a page puts its own values there.
 */

/** @returns the page with other values in the attributes, which it has already; of each the first is meant */
export function fillInAttributes(page: string, attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes).reduce((text, [name, value]) => {
    const escaped = value.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
    // A function: in a text, "$&" would stand for what is replaced.
    return text.replace(new RegExp(`${name}="[^"]*"`), () => `${name}="${escaped}"`);
  }, page);
}
