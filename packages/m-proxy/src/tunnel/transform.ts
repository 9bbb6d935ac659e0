/**
 * @module
 * Packing as Node's own kind of Transform; the WHATWG one is in the codec.
 */
import {
  Transform as NodeTransform,
  type TransformCallback,
  type TransformOptions as StreamOptions,
} from 'node:stream';
import { completeAddress, pack, type Address, type TransformOptions } from '../index.js';

class PackingTransform extends NodeTransform {
  readonly #address: Partial<Address>;

  constructor({ address, service, serviceport, name, ...stream }: TransformOptions & StreamOptions) {
    super(stream);
    this.#address = completeAddress({
      address,
      ...(service !== undefined && { service }),
      ...(serviceport !== undefined && { serviceport }),
      ...(name !== undefined && { name }),
    });
  }

  override _transform(chunk: Uint8Array, _encoding: BufferEncoding, done: TransformCallback): void {
    let packed: Uint8Array;
    try {
      packed = pack(this.#address, chunk);
    } catch (error) {
      done(error as Error);
      return;
    }
    done(null, packed);
  }
}

/** Packs each chunk of one client into one message. */
export const Transform = {
  create: (options: TransformOptions & StreamOptions): NodeTransform => new PackingTransform(options),
};
