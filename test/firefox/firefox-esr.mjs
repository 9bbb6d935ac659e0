#!/usr/bin/env node
/**
 * @module Firefox ESR as Playwright starts it, with the WebDriver BiDi commands that this release does not have yet answered
 * in its place. Playwright asks for them for each window and takes no "unknown command"; what they would set is the default.
 */
import { spawn } from 'node:child_process';
import WebSocket from 'ws';
import { findBrowser } from '../../scripts/find-browser.mjs';

/** https://w3c.github.io/webdriver-bidi/ defines them; Firefox ESR 153 answers them with "unknown command". */
const unknownCommands = new Set(['emulation.setMediaFeaturesOverride']);

const executablePath = findBrowser('firefox');
if (!executablePath)
  throw new Error('Failed to start Firefox ESR: none was found. Install it, or set FIREFOX_PATH to it.');

const firefox = spawn(executablePath, process.argv.slice(2), { stdio: ['ignore', 'inherit', 'pipe'] });
firefox.once('error', (error) => {
  throw error;
});
firefox.once('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.once(signal, () => firefox.kill(signal));

let startup = '';
firefox.stderr.setEncoding('utf8');
firefox.stderr.on('data', (text) => {
  if (startup === null) return void process.stderr.write(text);
  startup += text;
  const address = /WebDriver BiDi listening on (ws:\/\/\S+)\n/.exec(startup);
  if (!address) return;
  startup = null;
  relayTo(address[1]);
});

/** Listens where Playwright is told to connect, and passes on what it says. */
function relayTo(address) {
  const server = new WebSocket.Server({ host: '127.0.0.1', port: 0 });
  server.on('listening', () => {
    process.stderr.write(`WebDriver BiDi listening on ws://127.0.0.1:${server.address().port}\n`);
  });
  server.on('connection', (playwright, { url }) => {
    const browser = new WebSocket(address + url, { perMessageDeflate: false, maxPayload: 0 });
    /** What Playwright says before the connection to the browser stands. */
    let waiting = [];
    browser.on('open', () => {
      for (const text of waiting) browser.send(text);
      waiting = null;
    });
    playwright.on('message', (data) => {
      const text = data.toString();
      const { id, method } = JSON.parse(text);
      if (unknownCommands.has(method)) playwright.send(JSON.stringify({ type: 'success', id, result: {} }));
      else if (waiting) waiting.push(text);
      else browser.send(text);
    });
    browser.on('message', (data) => playwright.send(data.toString()));
    browser.on('close', () => playwright.close());
    playwright.on('close', () => browser.close());
    for (const socket of [browser, playwright]) socket.on('error', () => socket.terminate());
  });
}
