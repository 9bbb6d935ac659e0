/**
 * @module
 * JSON texts of a peer, which may be anything.
 */

/** The object that a text holds, or null when it is not JSON, or JSON of something else. */
export function parseJsonObject(text: string): Record<string, unknown> | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null; // Not JSON: the callers say what that means.
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
