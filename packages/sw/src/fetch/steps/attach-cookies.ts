/**
 * @module
 * Step 2: the cookies that go with the request.
 */
import type { RequestWithCookies, ResolvedRequest } from '../fetch-context.js';

export async function attachCookies(context: ResolvedRequest): Promise<RequestWithCookies> {
  const { cookies } = context.services;
  await cookies.ready;
  await cookies.changesExpected();
  const { sameSite, topLevelSite: partition } = context;
  const cookie = context.hasCredentials ? cookies.jar.getCookieHeader(context.remoteUrl, { sameSite, partition }) : '';
  return { ...context, cookie };
}
