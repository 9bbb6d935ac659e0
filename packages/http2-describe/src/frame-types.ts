/**
 * @module
 * The frame types by number, and on which streams each may be sent.
 *
 * @see https://www.iana.org/assignments/http2-parameters
 */

export const FrameType = {
  DATA: 0x00,
  HEADERS: 0x01,
  PRIORITY: 0x02,
  RST_STREAM: 0x03,
  SETTINGS: 0x04,
  PUSH_PROMISE: 0x05,
  PING: 0x06,
  GOAWAY: 0x07,
  WINDOW_UPDATE: 0x08,
  CONTINUATION: 0x09,
  ALTSVC: 0x0a,
  ORIGIN: 0x0c,
  PRIORITY_UPDATE: 0x10,
} as const;

/** Where a frame type may be sent: on stream 0, on any other stream, or on both. */
type StreamScope = 'connection' | 'stream' | 'either';

const frameTypes: Record<number, { name: string; scope: StreamScope }> = {
  [FrameType.DATA]: { name: 'DATA', scope: 'stream' },
  [FrameType.HEADERS]: { name: 'HEADERS', scope: 'stream' },
  [FrameType.PRIORITY]: { name: 'PRIORITY', scope: 'stream' },
  [FrameType.RST_STREAM]: { name: 'RST_STREAM', scope: 'stream' },
  [FrameType.SETTINGS]: { name: 'SETTINGS', scope: 'connection' },
  [FrameType.PUSH_PROMISE]: { name: 'PUSH_PROMISE', scope: 'stream' },
  [FrameType.PING]: { name: 'PING', scope: 'connection' },
  [FrameType.GOAWAY]: { name: 'GOAWAY', scope: 'connection' },
  [FrameType.WINDOW_UPDATE]: { name: 'WINDOW_UPDATE', scope: 'either' },
  [FrameType.CONTINUATION]: { name: 'CONTINUATION', scope: 'stream' },
  // RFC 7838
  [FrameType.ALTSVC]: { name: 'ALTSVC', scope: 'either' },
  // RFC 8336; on another stream than 0 it is ignored, not an error.
  [FrameType.ORIGIN]: { name: 'ORIGIN', scope: 'either' },
  // RFC 9218
  [FrameType.PRIORITY_UPDATE]: { name: 'PRIORITY_UPDATE', scope: 'connection' },
};

export function frameTypeName(type: number): string {
  return frameTypes[type]?.name ?? 'UNKNOWN';
}

/** Why a frame of this type may not have this stream identifier; null when it may. */
export function streamScopeViolation(type: number, streamId: number): string | null {
  const scope = frameTypes[type]?.scope ?? 'either';
  if (scope === 'connection' && streamId !== 0) return `${frameTypeName(type)} belongs to stream 0`;
  if (scope === 'stream' && streamId === 0)
    return `${frameTypeName(type)} belongs to a stream, and 0 is the connection`;
  return null;
}
