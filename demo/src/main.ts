/**
 * @module
 * The demo: an address bar over a proxied page. This file says what leads to what; the parts are in the other modules.
 *
 * The address of the demo is `/` on the start page and `/#{url}` where a page is open. The frame's own history does the
 * rest: going back or forward moves the frame, and the fragment follows.
 */
import { createProxy, ProxyError, type ProxyFrame } from '@culvert/sw/page';
import { parseAddress, type Address } from './address.js';
import { AddressField } from './address-field.js';
import { findBareServerProblem } from './bare-server-check.js';
import { deepLinkTo, readDeepLink } from './deep-link.js';
import { setUpHelp, setUpSettings } from './dialogs.js';
import { element, showIcon } from './elements.js';
import { isProblemCode, ProblemPanel } from './problem.js';
import { ProgressBar } from './progress-bar.js';
import { loadSettings, searchTemplateOf } from './settings.js';
import { listenForShortcuts, type ShortcutHandlers } from './shortcuts.js';
import { fillStartPage } from './start-page.js';
import { Tab } from './tab.js';
import { Viewer } from './viewer.js';

/** What we put into our own history entries; one that the user makes by editing the fragment has none of it. */
interface EntryState {
  isOurs: true;
  /** Whether the entry before it is the start page. */
  isAfterStart: boolean;
}

const settings = loadSettings();
const proxy = createProxy();
const viewer = new Viewer(proxy, connectFrame);
const addressField = new AddressField({ submit: openAddress });
const tab = new Tab();
const progressBar = new ProgressBar();
const problemPanel = new ProblemPanel({ dismiss: goToStartPage });
const help = setUpHelp();
const settingsDialog = setUpSettings(settings);
const startPage = element('section', 'start');
const buttons = {
  back: element('button', 'back'),
  forward: element('button', 'forward'),
  reload: element('button', 'reload'),
};

/** Each page that is asked for; a slow registration must not bring back one that was asked for before. */
let openings = 0;

const shortcuts: ShortcutHandlers = {
  focusAddress: () => addressField.focus(),
  back: () => canGoBack() && (goBack(), true),
  forward: () => !buttons.forward.disabled && (goForward(), true),
  stop: () => Boolean(viewer.frame?.state.isLoading) && (viewer.frame?.stop(), true),
  help: () => help.open(),
};

function openAddress(text: string): void {
  open(parse(text), text, { isFromStart: viewer.frame === null });
}

function parse(text: string): Address {
  return parseAddress(text, { searchTemplate: searchTemplateOf(settings) });
}

function open(address: Address, text: string, { isFromStart = false, replace = false } = {}): void {
  if (address.kind === 'error') {
    if (!viewer.frame) showStartPage();
    addressField.show(viewer.frame ? (viewer.frame.url ?? '') : '');
    element('input', 'address').value = text;
    addressField.fail(address.message);
    return;
  }
  const state: EntryState = { isOurs: true, isAfterStart: isFromStart || entryState()?.isAfterStart === true };
  // With a page open, the frame's own navigation makes the entry.
  if (isFromStart) history.pushState(state, '', deepLinkTo(address.url));
  else history.replaceState(state, '', deepLinkTo(address.url));
  addressField.blur();
  addressField.show(address.url);
  void openUrl(address.url, replace);
}

async function openUrl(url: string, replace = false): Promise<void> {
  const opening = ++openings;
  problemPanel.hide();
  startPage.hidden = true;
  const frame = viewer.open();
  if (frame.url === null) tab.showTitle(new URL(url).host);
  progressBar.show({ isLoading: true, value: 0.05 });
  try {
    await proxy.register();
    if (opening !== openings) return;
    frame.go(url, { replace });
    frame.focus();
  } catch (error) {
    if (opening !== openings) return;
    progressBar.show({ isLoading: false, value: 1 });
    showProblem(error, () => void openUrl(url, replace));
  }
}

function showProblem(error: unknown, retry: () => void): void {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof ProxyError && isProblemCode(error.code) ? error.code : 'UNEXPECTED';
  if (code === 'UNEXPECTED') console.error(error);
  problemPanel.show(code, message, retry);
}

function connectFrame(frame: ProxyFrame): void {
  frame.on('navigate', ({ url }) => {
    problemPanel.hide();
    showUrl(url);
  });
  frame.on('title', ({ title }) => tab.showTitle(title || (frame.url ? new URL(frame.url).host : '')));
  frame.on('icon', ({ url }) => tab.showIcon(url));
  frame.on('progress', (progress) => {
    progressBar.show(progress);
    // A load that was stopped, or was a download, leaves the page that was there.
    if (!progress.isLoading && frame.url) showUrl(frame.url);
  });
  frame.on('state', updateButtons);
  frame.on('document', ({ window }) => listenForShortcuts(window, shortcuts));
  frame.on('error', ({ error, url }) => void explainFailure(frame, error, url));
  updateButtons();
}

function showUrl(url: string): void {
  addressField.show(url);
  if (readDeepLink(location.hash) === url && entryState()) return;
  const state: EntryState = { isOurs: true, isAfterStart: entryState()?.isAfterStart === true };
  history.replaceState(state, '', deepLinkTo(url));
}

/** The worker shows a page of its own for what a site or the Bare server did. This is for what has not even that. */
async function explainFailure(frame: ProxyFrame, error: ProxyError, url: string): Promise<void> {
  if (error.code !== 'FRAME_UNREACHABLE') return;
  const bareServerProblem = await findBareServerProblem();
  if (frame !== viewer.frame) return;
  const retry = (): void => (url ? void openUrl(url, true) : followAddress());
  if (bareServerProblem) problemPanel.show('BARE_SERVER_DOWN', bareServerProblem, retry);
  else problemPanel.show('FRAME_UNREACHABLE', error.message, retry);
}

function updateButtons(): void {
  const state = viewer.frame?.state;
  buttons.back.disabled = !canGoBack();
  buttons.forward.disabled = !(state ? state.canGoForward : (window.navigation?.canGoForward ?? false));
  buttons.reload.disabled = !state;
  const label = state?.isLoading ? 'Stop' : 'Reload';
  showIcon(buttons.reload, state?.isLoading ? 'stop' : 'reload');
  buttons.reload.setAttribute('aria-label', label);
  buttons.reload.title = state?.isLoading ? 'Stop (Esc)' : 'Reload';
}

function canGoBack(): boolean {
  if (!viewer.frame) return false;
  return viewer.frame.state.canGoBack || entryState()?.isAfterStart === true;
}

function goBack(): void {
  if (viewer.frame?.state.canGoBack) viewer.frame.back();
  else history.back();
}

function goForward(): void {
  if (viewer.frame) viewer.frame.forward();
  else history.forward();
}

function goToStartPage(): void {
  if (location.hash !== '') history.pushState(null, '', '/');
  showStartPage();
  addressField.focus();
}

function showStartPage(): void {
  openings++;
  viewer.close();
  problemPanel.hide();
  progressBar.show({ isLoading: false, value: 1 });
  startPage.hidden = false;
  addressField.show('');
  tab.showTitle('');
  tab.showIcon(null);
  updateButtons();
}

function entryState(): EntryState | null {
  const state = history.state as EntryState | null;
  return state?.isOurs ? state : null;
}

/** Our address changed: by the user's hand, by a link of the start page, or because the history was walked. */
function followAddress(): void {
  const link = readDeepLink(location.hash);
  if (link === null) return showStartPage();
  const address = parse(link);
  const isWalked = entryState() !== null;
  if (!isWalked || address.kind === 'error' || !viewer.frame) {
    // A new entry has been made already: the frame's must not add another.
    const isFromStart = !viewer.frame && !isWalked;
    if (isFromStart) history.replaceState({ isOurs: true, isAfterStart: true } satisfies EntryState, '');
    return open(address, link, { replace: true });
  }
  // The frame walks with us, unless its history began later than this entry.
  const frame = viewer.frame;
  setTimeout(() => {
    if (
      frame === viewer.frame &&
      !frame.state.isLoading &&
      readDeepLink(location.hash) === link &&
      frame.url !== link
    ) {
      void openUrl(address.url, true);
    }
  }, 500);
}

buttons.back.addEventListener('click', goBack);
buttons.forward.addEventListener('click', goForward);
buttons.reload.addEventListener('click', () => {
  const { frame } = viewer;
  if (frame?.state.isLoading) frame.stop();
  else if (frame?.url) frame.reload();
  else followAddress();
});
element('button', 'help-button').addEventListener('click', help.open);
element('button', 'start-help').addEventListener('click', help.open);
element('button', 'settings-button').addEventListener('click', settingsDialog.open);
element('a', 'home').addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  goToStartPage();
});
window.addEventListener('popstate', followAddress);
listenForShortcuts(window, shortcuts);
fillStartPage();

const link = readDeepLink(location.hash);
if (link === null) {
  showStartPage();
  addressField.focus();
  // So that the first page finds the worker ready. What is wrong with it is said at once.
  proxy.register().catch((error: unknown) => {
    if (!viewer.frame) showProblem(error, () => location.reload());
  });
} else {
  open(parse(link), link, { replace: true });
}
