/**
 * @module
 * Step 5: the cookies that the answer sets. The documents that can see them know before the answer is given.
 */
import { decodeHeaderText, headerValues } from '../../headers/header-list.js';
import type { AnsweredRequest } from '../fetch-context.js';

export async function storeCookies(context: AnsweredRequest): Promise<void> {
  const { services, event, remoteUrl, sameSite, topLevelSite: partition } = context;
  if (!context.hasCredentials) return;
  let isChanged = false;
  for (const line of headerValues(context.remote.rawHeaders, 'set-cookie')) {
    const stored = services.cookies.jar.setCookie(decodeHeaderText(line), remoteUrl, {
      http: true,
      sameSite,
      partition,
    });
    if (stored) isChanged = true;
  }
  if (!isChanged) return;
  event.waitUntil(services.cookies.save());
  await services.broadcast.announce();
}
