/** @module The table of leak attempts, in the order in which their hosts are numbered. */
import { headers, frames, navigations, redirects } from './documents.js';
import { elements } from './elements.js';
import { interfaces, sinks } from './interfaces.js';
import { links } from './links.js';
import { styles, svg } from './svg-and-styles.js';

export const leakAttempts = [
  ...elements,
  ...links,
  ...svg,
  ...styles,
  ...interfaces,
  ...sinks,
  ...navigations,
  ...frames,
  ...headers,
  ...redirects,
];
