/**
 * @module
 * The links of the start page.
 */
import { deepLinkTo } from './deep-link.js';
import { element } from './elements.js';

const links: readonly { name: string; url: string }[] = [
  { name: 'Example Domain', url: 'https://example.com/' },
  { name: 'Wikipedia', url: 'https://en.wikipedia.org/' },
  { name: 'MDN Web Docs', url: 'https://developer.mozilla.org/' },
  { name: 'Hacker News', url: 'https://news.ycombinator.com/' },
  { name: 'OpenStreetMap', url: 'https://www.openstreetmap.org/' },
  { name: 'Internet Archive', url: 'https://archive.org/' },
];

export function fillStartPage(): void {
  element('ul', 'links').replaceChildren(
    ...links.map(({ name, url }) => {
      const item = document.createElement('li');
      const link = document.createElement('a');
      link.href = deepLinkTo(url);
      link.append(text('letter', name.slice(0, 1)), createNames(name, new URL(url).host));
      link.querySelector('.letter')?.setAttribute('aria-hidden', 'true');
      item.append(link);
      return item;
    }),
  );
}

function createNames(name: string, host: string): HTMLSpanElement {
  const names = document.createElement('span');
  names.append(text('name', name), text('host', host));
  return names;
}

function text(className: string, content: string): HTMLSpanElement {
  const span = document.createElement('span');
  span.className = className;
  span.textContent = content;
  return span;
}
