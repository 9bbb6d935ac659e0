/** Finds an installed browser: the one that `CHROMIUM_PATH` or `FIREFOX_PATH` names, else the first known place. */
import { existsSync } from 'node:fs';

const places = {
  chromium: [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  firefox: [
    process.env.FIREFOX_PATH,
    '/usr/bin/firefox-esr',
    '/usr/bin/firefox',
    '/Applications/Firefox.app/Contents/MacOS/firefox',
  ],
};

/** @returns the executable's path, or undefined where there is none */
export function findBrowser(name) {
  return places[name].find((place) => place && existsSync(place));
}
