/**
 * @module
 * Shows what keeps the proxy from working, in the page itself: not everybody looks at the console.
 */
import type { ProxyError } from '../errors.js';

const style = `
  :host { all: initial; position: fixed; inset: auto 16px 16px 16px; z-index: 2147483647; display: block; max-width: 640px; margin: auto }
  section { padding: 14px 16px; border: 1px solid #b3261e; border-radius: 10px; background: #fff4f3; color: #31100d;
    font: 14px/1.5 system-ui, sans-serif; box-shadow: 0 4px 18px #0003 }
  b { display: block } code { font-size: 12px; opacity: .75 } p { margin: 4px 0; overflow-wrap: anywhere }
  button { float: inline-end; border: 0; background: none; color: inherit; font: inherit; cursor: pointer }
`;

export function showProblem(document: Document, error: ProxyError): void {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const section = document.createElement('section');
  section.setAttribute('role', 'alert');
  const button = document.createElement('button');
  button.textContent = '✕';
  button.setAttribute('aria-label', 'Close');
  button.addEventListener('click', () => host.remove());
  section.append(button, ...lines(document, error));
  // A sheet that is made by script needs no permission of a Content-Security-Policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets = [sheet];
  root.append(section);
  const show = (): void => document.body.append(host);
  if (document.body) show();
  else document.addEventListener('DOMContentLoaded', show, { once: true });
}

function lines(document: Document, { code, message }: ProxyError): HTMLElement[] {
  return (
    [
      ['b', 'Culvert does not work here yet'],
      ['p', message],
      ['code', code],
    ] as const
  ).map(([name, text]) => Object.assign(document.createElement(name), { textContent: text }));
}
