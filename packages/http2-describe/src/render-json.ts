/**
 * @module
 * Descriptions as JSON, one object each, for programs. Bytes are strings of hexadecimal digits.
 */
import { type Description, errorsOf, type JsonValue } from './description.js';

export type DescriptionRecord = { [key: string]: JsonValue };

/** `context` (which connection, when) comes first. */
export function renderJson(description: Description, context: DescriptionRecord = {}): DescriptionRecord {
  const { kind, direction, offset, length, items } = description;
  const record: DescriptionRecord = { ...context, direction, kind, offset, length };
  for (const item of items) if (item.kind !== 'error') Object.assign(record, item.values);
  const errors = errorsOf(description).map((error) => error.toJSON());
  return errors.length > 0 ? { ...record, errors } : record;
}
