/** @module Every site that the tests open, with what shows that it has started: for tests of hosts, engines and transports. */
import type { Site } from '../support/site.js';
import { startNodeRed } from './node-red.js';
import { startReveal } from './reveal.js';
import { startSwaggerUi } from './swagger-ui.js';
import { startVerdaccio } from './verdaccio.js';
import { startVite } from './vite.js';

export interface SiteToOpen {
  start(): Promise<Site>;
  path: string;
  /** An element that the scripts of the site make, and words in it. */
  shows: { selector: string; text: string };
}

export const allSites: Readonly<Record<string, SiteToOpen>> = {
  verdaccio: { start: startVerdaccio, path: '/', shows: { selector: 'body', text: 'Dives for the fish' } },
  'Node-RED': {
    start: startNodeRed,
    path: '/',
    shows: { selector: '.red-ui-palette-node[data-palette-type=inject]', text: 'inject' },
  },
  'reveal.js': {
    start: startReveal,
    path: '/#/1/1',
    shows: { selector: 'section.present:not(.stack) h2', text: 'Staircase locks' },
  },
  'Swagger UI': {
    start: startSwaggerUi,
    path: '/#/locks/getLock',
    shows: { selector: '.try-out__btn', text: 'Try it out' },
  },
  Vite: { start: startVite, path: '/react/', shows: { selector: 'h1', text: 'Tides as first written' } },
};
