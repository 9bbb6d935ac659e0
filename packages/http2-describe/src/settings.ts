/**
 * @module
 * The settings by identifier, and what HTTP/2 allows as their values.
 *
 * @see https://www.iana.org/assignments/http2-parameters
 */

export const Setting = { HEADER_TABLE_SIZE: 0x1, MAX_FRAME_SIZE: 0x5 } as const;

const settingNames: Record<number, string> = {
  0x1: 'SETTINGS_HEADER_TABLE_SIZE',
  0x2: 'SETTINGS_ENABLE_PUSH',
  0x3: 'SETTINGS_MAX_CONCURRENT_STREAMS',
  0x4: 'SETTINGS_INITIAL_WINDOW_SIZE',
  0x5: 'SETTINGS_MAX_FRAME_SIZE',
  0x6: 'SETTINGS_MAX_HEADER_LIST_SIZE',
  // RFC 8441
  0x8: 'SETTINGS_ENABLE_CONNECT_PROTOCOL',
  // RFC 9218
  0x9: 'SETTINGS_NO_RFC7540_PRIORITIES',
  0x10: 'TLS_RENEG_PERMITTED',
  // gRPC's own, from the range for experiments.
  0xfe03: 'GRPC_ALLOW_TRUE_BINARY_METADATA',
};

export function settingName(identifier: number): string {
  return settingNames[identifier] ?? 'UNKNOWN';
}

/** Why RFC 9113 section 6.5.2 (or an extension's own text) forbids this value; null when it is allowed. */
export function settingViolation(identifier: number, value: number): string | null {
  switch (identifier) {
    case 0x2:
    case 0x8:
    case 0x9:
      return value > 1 ? `${value} is neither 0 nor 1` : null;
    case 0x4:
      return value > 0x7fffffff ? `${value} is over 2147483647` : null;
    case 0x5:
      return value < 0x4000 || value > 0xffffff ? `${value} is not between 16384 and 16777215` : null;
    default:
      return null;
  }
}
