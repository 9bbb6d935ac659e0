/**
 * @module
 * A look at the first bytes of a stream that somebody else will read.
 */

/** Waits until `count` bytes have come, or all. The stream that is returned has everything and takes the place of the old. */
export async function peekBytes(
  stream: ReadableStream<Uint8Array>,
  count: number,
): Promise<{ bytes: Uint8Array; body: ReadableStream<Uint8Array> }> {
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let size = 0;
  let isDone = false;
  while (size < count && !isDone) {
    const { done, value } = await reader.read();
    if (value) {
      chunks.push(value);
      size += value.length;
    }
    isDone = done;
  }
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (size > 0) controller.enqueue(bytes);
      if (isDone) controller.close();
    },
    async pull(controller) {
      const { done, value } = await reader.read();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return { bytes, body };
}
