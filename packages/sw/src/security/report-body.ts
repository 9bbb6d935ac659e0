/**
 * @module
 * The bodies of violation reports: as the browser makes them, with the site's URLs and policies in the place of ours.
 *
 * @see https://w3c.github.io/webappsec-csp/#deprecated-serialize-violation
 */

/** What is told of a violation, by the names that the body for `report-uri` has. */
export interface ReportedViolation {
  'document-uri': string;
  referrer: string;
  'violated-directive': string;
  'effective-directive': string;
  'original-policy': string;
  disposition: 'enforce' | 'report';
  'blocked-uri': string;
  'status-code': number;
  'script-sample': string;
  'source-file'?: string;
  'line-number'?: number;
  'column-number'?: number;
}

/** Those that hold a URL, or a keyword in the place of one. */
const urlFields = ['document-uri', 'referrer', 'blocked-uri', 'source-file'] as const;

/**
 * What the browser reports to us, in the site's words.
 *
 * @param toReal gives what is no URL of ours back as it is
 * @returns null where the text is no report
 */
export function translateReport(
  text: string,
  originalPolicy: string,
  toReal: (url: string) => string,
): ReportedViolation | null {
  let report: unknown;
  try {
    report = (JSON.parse(text) as { 'csp-report'?: unknown } | null)?.['csp-report'];
  } catch {
    // Not a browser's: nothing is reported.
    return null;
  }
  if (typeof report !== 'object' || report === null) return null;
  const translated = { ...(report as ReportedViolation), 'original-policy': originalPolicy };
  for (const field of urlFields) {
    const url = translated[field];
    if (typeof url === 'string') translated[field] = toReal(url);
  }
  return translated;
}

export function reportUriBody(violation: ReportedViolation): string {
  return JSON.stringify({ 'csp-report': violation });
}

/** https://w3c.github.io/reporting/#serialize-reports */
export function reportToBody(violation: ReportedViolation, userAgent: string): string {
  const body = {
    documentURL: violation['document-uri'],
    referrer: violation.referrer,
    blockedURL: violation['blocked-uri'],
    effectiveDirective: violation['effective-directive'],
    originalPolicy: violation['original-policy'],
    sourceFile: violation['source-file'] ?? null,
    sample: violation['script-sample'],
    disposition: violation.disposition,
    statusCode: violation['status-code'],
    lineNumber: violation['line-number'] ?? null,
    columnNumber: violation['column-number'] ?? null,
  };
  const report = { age: 0, body, type: 'csp-violation', url: violation['document-uri'], user_agent: userAgent };
  return JSON.stringify([report]);
}
