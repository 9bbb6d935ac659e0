/**
 * @module
 * A description before it is text or JSON: what one piece of a connection (a preface, a frame) holds, item by item, each
 * with the bytes it explains. Rendering is render-text.ts and render-json.ts.
 */
import type { DescribeError } from './errors.js';

/** Which peer sent the bytes. */
export type Direction = 'client' | 'server';

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Bytes of this direction that an item accounts for. */
export interface Span {
  offset: number;
  length: number;
}

export type DescriptionItem =
  /** `Label = text` */
  | { kind: 'field'; label: string; text: string; span?: Span; values: Record<string, JsonValue> }
  /** `Label =` and indented lines */
  | { kind: 'block'; label: string; lines: string[]; span?: Span; values: Record<string, JsonValue> }
  /** `Hexdump (Label) =` and rows of sixteen bytes */
  | { kind: 'hexdump'; label: string; bytes: Uint8Array; span?: Span; values: Record<string, JsonValue> }
  | { kind: 'error'; error: DescribeError };

export type DescriptionKind =
  'proxy-header' | 'preface' | 'http1-head' | 'frame' | 'truncated' | 'opaque' | 'tls-record';

export interface Description {
  kind: DescriptionKind;
  direction: Direction;
  /** Bytes before it in its direction. */
  offset: number;
  /** Bytes described; a frame that is longer than the limit says so in an error. */
  length: number;
  items: DescriptionItem[];
}

/** The errors in a description, in order. */
export function errorsOf(description: Description): DescribeError[] {
  return description.items.flatMap((item) => (item.kind === 'error' ? [item.error] : []));
}

/** Collects the items of one description. */
export class ItemList {
  readonly items: DescriptionItem[] = [];

  field(label: string, text: string, values: Record<string, JsonValue>, span?: Span): void {
    this.items.push({ kind: 'field', label, text, values, ...(span && { span }) });
  }

  block(label: string, lines: string[], values: Record<string, JsonValue>, span?: Span): void {
    this.items.push({ kind: 'block', label, lines, values, ...(span && { span }) });
  }

  /** Nothing for no bytes. `key` names the bytes in JSON, where they are one hexadecimal string. */
  hexdump(label: string, bytes: Uint8Array, key: string | null, offset?: number): void {
    if (bytes.length === 0) return;
    this.items.push({
      kind: 'hexdump',
      label,
      bytes,
      values: key === null ? {} : { [key]: Buffer.from(bytes).toString('hex') },
      ...(offset !== undefined && { span: { offset, length: bytes.length } }),
    });
  }

  error(error: DescribeError): void {
    this.items.push({ kind: 'error', error });
  }
}
