/**
 * @module
 * The compression of gRPC messages, by the name that `grpc-encoding` gives. A limit stands against messages that decompress
 * to far more than was sent.
 */
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

const decompressors: Record<string, (bytes: Uint8Array, options: { maxOutputLength: number }) => Buffer> = {
  gzip: gunzipSync,
  // As in HTTP: the zlib format.
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** The message, or in words why it cannot be had. */
export function decompressMessage(bytes: Uint8Array, encoding: string, limit: number): Buffer | string {
  const decompress = Object.hasOwn(decompressors, encoding) ? decompressors[encoding] : undefined;
  if (decompress === undefined) {
    return encoding === 'identity'
      ? 'it is marked as compressed, but no grpc-encoding was announced'
      : `the encoding ${encoding} is not known`;
  }
  try {
    return decompress(bytes, { maxOutputLength: limit });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ERR_BUFFER_TOO_LARGE'
      ? `decompressed it is over the limit of ${limit} bytes`
      : `${encoding}: ${message}`;
  }
}
