/**
 * @module
 * Which answer of the engine's own `fetch` a stream is the body of. The engine reads a body of its own at once, and one that was wrapped
 * in another Response by way of a stream's chunks.
 */

const answers = new WeakMap<ReadableStream, Response>();

/** `fetch`, remembering. */
export const fetchRemembering: typeof fetch = async (...request) => {
  const answer = await fetch(...request);
  if (answer.body) answers.set(answer.body, answer);
  return answer;
};

/** All of the body, in the place of the Response's own `arrayBuffer`. */
export async function readWhole(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const { body } = response;
  const answer = body && !body.locked ? answers.get(body) : undefined;
  return new Uint8Array(await (answer ?? response).arrayBuffer());
}
