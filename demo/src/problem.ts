/**
 * @module
 * What can keep a page from being shown, in words for its reader, and the panel that says it. (What a site or the Bare
 * server answers is told by the worker's own error page, in the frame.)
 */
import { element } from './elements.js';

export type ProblemCode = keyof typeof problems;

const problems = {
  INSECURE_CONTEXT: {
    heading: 'This address is not secure enough for the browser',
    advice:
      'Browsers run service workers only on https: sites and on localhost. Open Culvert at localhost on the machine that ' +
      'runs it, or put https: in front of it.',
  },
  SERVICE_WORKER_UNSUPPORTED: {
    heading: 'This browser offers no service workers here',
    advice:
      'They can be switched off in the settings, and are missing in the private windows of some browsers. Use a normal ' +
      'window, or another browser.',
  },
  SERVICE_WORKER_FORBIDDEN: {
    heading: 'The browser refused the service worker',
    advice: 'This happens where cookies and site data are blocked. Allow them for this site, then try again.',
  },
  WORKER_SCRIPT_UNAVAILABLE: {
    heading: 'The service worker could not be loaded',
    advice: 'Check that the server is still running, then try again.',
  },
  WORKER_SCRIPT_WRONG_TYPE: {
    heading: 'The service worker is served with a wrong type',
    advice: 'The server must send it with the Content-Type text/javascript.',
  },
  WORKER_SCRIPT_FAILED: {
    heading: 'The service worker did not start',
    advice: 'Its script may be broken or half updated. Try again in a moment.',
  },
  REGISTRATION_TIMEOUT: {
    heading: 'The service worker takes too long to start',
    advice:
      'An older version of it may still be busy in another tab. Close the other tabs of this site, then try again.',
  },
  BARE_SERVER_DOWN: {
    heading: 'The Bare server does not answer',
    advice: 'Culvert fetches pages through it. Check that the server is still running, then try again.',
  },
  FRAME_UNREACHABLE: {
    heading: 'The page could not be shown',
    advice: 'It tried to leave the proxy, and was stopped, or the connection to the server broke. Try again.',
  },
  UNEXPECTED: {
    heading: 'Something unexpected went wrong',
    advice: 'Try again. If it stays, the console of the browser says more.',
  },
} as const;

export function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(problems, code);
}

export class ProblemPanel {
  private readonly panel = element('section', 'problem');
  private retry: () => void = () => undefined;

  constructor(handlers: { dismiss(): void }) {
    element('button', 'problem-retry').addEventListener('click', () => {
      this.hide();
      this.retry();
    });
    element('button', 'problem-dismiss').addEventListener('click', () => {
      this.hide();
      handlers.dismiss();
    });
  }

  get isShown(): boolean {
    return !this.panel.hidden;
  }

  show(code: ProblemCode, detail: string, retry: () => void): void {
    const { heading, advice } = problems[code];
    this.retry = retry;
    this.panel.hidden = false;
    element('h2', 'problem-heading').textContent = heading;
    const text = element('p', 'problem-detail');
    element('p', 'problem-advice').textContent = advice;
    text.textContent = detail;
    text.hidden = detail === '';
    this.panel.focus({ preventScroll: true });
  }

  hide(): void {
    this.panel.hidden = true;
  }
}
