/**
 * @module
 * Violations are told: to the page by an event, to the site by a report that goes where all its requests go. The browser sends
 * its own reports to `/service/~/report`, from where they go on; those of the worker's own judgements begin here.
 *
 * @see https://w3c.github.io/webappsec-csp/#report-violation
 */
import { fromBrowser, parsePolicy } from '@culvert/rewriter';
import { withoutFragment, type ClientRecord } from '../clients/client-registry.js';
import type { FetchEventLike, Services } from '../fetch/fetch-context.js';
import { determineReferrer, effectivePolicy } from '../headers/referrer.js';
import { requestHeaders } from '../headers/request-headers.js';
import { isSameOrigin, siteOf } from '../site.js';
import type { Violation } from './content-policy.js';
import { reportToBody, reportUriBody, translateReport, type ReportedViolation } from './report-body.js';
import { reportTargets, type ReportTarget } from './report-endpoints.js';

type ReportServices = Pick<Services, 'bare' | 'browser' | 'clients' | 'config' | 'cookies'>;

/** The file below `/service/~/` that reports are sent to. */
export const reportFile = 'report';
/** Characters. A browser's report is some hundreds, and a policy. */
const maximumReportLength = 100_000;

export type Disposition = 'enforce' | 'report';

/** Where the browser is to send reports of a client's policy, told by its place among those of its disposition. */
export function reportUrl(directory: string, clientId: string, disposition: Disposition, place: number): string {
  const query = new URLSearchParams({ client: clientId, disposition, place: `${place}` });
  return `${directory}${reportFile}?${query.toString()}`;
}

export class PolicyReports {
  readonly #services: () => ReportServices;

  constructor(services: () => ReportServices) {
    this.#services = services;
  }

  /** For `waitUntil`. */
  async tell(record: ClientRecord, violations: readonly Violation[]): Promise<void> {
    const { clients } = this.#services();
    await Promise.all(
      violations.map(async ({ message }) => {
        await clients.post(record.id, message);
        await this.#report(record, {
          'document-uri': record.url,
          referrer: '',
          'violated-directive': message.effectiveDirective,
          'effective-directive': message.effectiveDirective,
          'original-policy': message.originalPolicy,
          disposition: message.disposition,
          'blocked-uri': withoutFragment(message.blockedURI),
          // Which of its scripts it was is not known here.
          'source-file': record.url,
          'status-code': 200,
          'script-sample': '',
        });
      }),
    );
  }

  /** A report of the browser's, at a `reportUrl`. */
  async forward(event: Pick<FetchEventLike, 'request' | 'waitUntil'>): Promise<Response> {
    const { request } = event;
    const { clients, config } = this.#services();
    const query = new URL(request.url).searchParams;
    const record = await clients.find(query.get('client') ?? '');
    const policies = query.get('disposition') === 'report' ? record?.reportOnlyPolicies : record?.policies;
    const policy = policies?.[Number(query.get('place'))];
    const text = await request.text();
    if (record && policy !== undefined && text.length <= maximumReportLength) {
      const violation = translateReport(text, policy, (url) => withoutFragment(fromBrowser(url, config.settings)));
      if (violation) event.waitUntil(this.#report(record, violation));
    }
    return new Response(null, { status: 204 });
  }

  async #report(record: ClientRecord, violation: ReportedViolation): Promise<void> {
    const targets = reportTargets(
      parsePolicy(violation['original-policy']),
      record.url,
      record.reportingEndpoints ?? {},
    );
    await Promise.all(targets.map((target) => this.#send(target, record, violation)));
  }

  async #send({ url, kind }: ReportTarget, record: ClientRecord, violation: ReportedViolation): Promise<void> {
    // Mixed content.
    if (record.url.startsWith('https:') && !url.startsWith('https:')) return;
    const { bare, browser, cookies } = this.#services();
    await cookies.ready;
    const isUri = kind === 'report-uri';
    const partition = record.topLevelSite;
    const sameSite = siteOf(url) === partition ? 'strict' : 'cross';
    const referrerPolicy = effectivePolicy('', record.referrerPolicy);
    const headers = requestHeaders(
      {
        remoteUrl: url,
        redirectChain: [],
        initiatorUrl: record.url,
        method: 'POST',
        mode: isUri ? 'no-cors' : 'cors',
        referrerPolicy,
        destination: 'report',
        referrer: determineReferrer(referrerPolicy, record.url, url),
        // Section 5.4: of the credentials mode "same-origin".
        cookie: isSameOrigin(url, record.url) ? cookies.jar.getCookieHeader(url, { sameSite, partition }) : '',
        cache: 'default',
        headers: [['content-type', isUri ? 'application/csp-report' : 'application/reports+json']],
      },
      browser,
    );
    const body = isUri ? reportUriBody(violation) : reportToBody(violation, browser.userAgent);
    try {
      const response = await bare.fetch(url, { method: 'POST', headers, body, redirect: 'manual' });
      await response.body?.cancel();
    } catch (error) {
      console.warn(`culvert: Failed to report a violation to ${url}:`, error);
    }
  }
}
