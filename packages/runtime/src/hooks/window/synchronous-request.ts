/**
 * @module What `late/synchronous-request.ts` needs of the realm that asks: the engine's functions, captured at boot, and the page's
 * cookies. Few pages make synchronous requests, so the rest is not in the part that boots.
 */
import { v3RequestUrl } from '@culvert/bare-client';
import { rewriters } from '../../late/rewriters-loader.js';
import type { SynchronousRequest, SynchronousResponse } from '../../late/synchronous-request.js';
import { nativeGetter, nativeMethod } from '../../natives.js';
import type { Realm } from '../../realm/realm.js';
import { serviceWorkerChannel } from '../universal/service-worker-channel.js';
import { visibleCookies } from './visible-cookies.js';

export type { SynchronousRequest, SynchronousResponse };
export type SendSynchronously = (request: SynchronousRequest) => SynchronousResponse | null;

export function synchronousSender(realm: Realm): SendSynchronously {
  const { XMLHttpRequest } = realm.natives;
  const { prototype } = XMLHttpRequest;
  const open = nativeMethod<void>(prototype, 'open');
  const setRequestHeader = nativeMethod<void>(prototype, 'setRequestHeader');
  const overrideMimeType = nativeMethod<void>(prototype, 'overrideMimeType');
  const nativeSend = nativeMethod<void>(prototype, 'send');
  const getResponseHeader = nativeMethod<string | null>(prototype, 'getResponseHeader');
  const responseText = nativeGetter<string>(prototype, 'responseText');
  const channel = serviceWorkerChannel(realm);

  return (request) =>
    rewriters().sendSynchronously(request, {
      origin: realm.urls.origin(),
      documentUrl: realm.urls.documentUrl(),
      userAgent: realm.global.navigator.userAgent as string,
      cookieHeader: (url) => visibleCookies(realm).header(url),
      storeCookies(url, cookies) {
        channel.tell({ culvert: 'socket-cookies', url, cookies });
        for (const line of cookies) visibleCookies(realm).receive(line, url);
      },
      send(method, headers, body) {
        const xhr = new XMLHttpRequest();
        open(xhr, method, v3RequestUrl(realm.data.bareServer), false);
        for (const [name, value] of headers) setRequestHeader(xhr, name, value);
        // One character a byte: a synchronous request has no other response type.
        overrideMimeType(xhr, 'text/plain; charset=x-user-defined');
        nativeSend(xhr, body);
        return { header: (name) => getResponseHeader(xhr, name), text: () => responseText(xhr) };
      },
    });
}
