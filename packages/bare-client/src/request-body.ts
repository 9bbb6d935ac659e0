/**
 * @module
 * The body of a request, in a form that can be sent again after a redirect, with the Content-Type that goes with it.
 */

export interface RequestBody {
  value: BodyInit | null;
  /** What Fetch would have set from the body's type ("extract a body", step 10 on), or null. */
  contentType: string | null;
  isReplayable: boolean;
}

export const noBody: RequestBody = { value: null, contentType: null, isReplayable: true };

/** @param isStreamed send a stream as it comes instead of collecting it */
export async function readRequestBody(init: BodyInit, isStreamed: boolean): Promise<RequestBody> {
  if (typeof init === 'string') {
    return { value: init, contentType: 'text/plain;charset=UTF-8', isReplayable: true };
  }
  const isStream = typeof (init as ReadableStream).getReader === 'function';
  if (isStream && isStreamed) return { value: init, contentType: null, isReplayable: false };
  if (init instanceof ArrayBuffer || ArrayBuffer.isView(init)) {
    return { value: init, contentType: null, isReplayable: true };
  }
  // A Blob keeps large uploads out of this realm's memory, and gives a FormData one boundary for header and body.
  const extracted = new Response(init);
  const contentType = extracted.headers.get('content-type');
  const blob = await extracted.blob();
  return { value: withoutType(blob), contentType, isReplayable: true };
}

/** Makes a body that can be sent once one that can be sent again. */
export async function collectBody(body: RequestBody): Promise<void> {
  if (body.isReplayable) return;
  body.value = await new Response(body.value).blob();
  body.isReplayable = true;
}

/** A typed Blob would put its type on the request to the Bare server, where it means nothing. */
function withoutType(blob: Blob): Blob {
  return blob.type === '' ? blob : blob.slice(0, blob.size, '');
}
