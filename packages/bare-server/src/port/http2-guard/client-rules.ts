/**
 * @module
 * The rules of RFC 9113 for what a client sends that Node's HTTP/2 does not keep, or keeps with another error code. Everything else that
 * a client can do wrong is left to Node: the rules pass whatever they do not know.
 */
import { errorCodes, frameTypes } from '../http2-frame.js';
import { ClientStreams } from './client-streams.js';
import { hasFlag, type FrameHeader, type Verdict } from './frame-reader.js';

/** Ends the connection (section 5.4.1). */
export interface Violation {
  code: number;
  /** What was wrong, with the section that says so. */
  message: string;
}

/** Of a flow-control window, section 6.9.1. */
const maxWindow = 2 ** 31 - 1;
/** Of a connection, section 6.9.2; no SETTINGS changes it. */
const initialWindow = 65_535;

export class ClientRules {
  readonly #streams: ClientStreams;
  /** Of the connection, for what the server sends. */
  #window = initialWindow;
  #pingsUnanswered = 0;
  #isInHeaderBlock = false;
  #violation: Violation | null = null;

  constructor(streams: ClientStreams = new ClientStreams()) {
    this.#streams = streams;
  }

  /** Why `judge` has said `stop`. */
  get violation(): Violation | null {
    return this.#violation;
  }

  /** The server has sent a frame. */
  note(frame: Readonly<FrameHeader>): void {
    if (frame.type === frameTypes.data) this.#window -= frame.length;
    else if (frame.type === frameTypes.ping && !hasFlag(frame, 'ack')) this.#pingsUnanswered++;
  }

  /** The client has sent a frame. */
  judge(frame: Readonly<FrameHeader>): Verdict {
    // Whatever comes in the middle of a header block but its continuation is an error that Node knows (section 6.10).
    if (this.#isInHeaderBlock) {
      if (frame.type === frameTypes.continuation) this.#isInHeaderBlock = !hasFlag(frame, 'endHeaders');
      return 'pass';
    }
    switch (frame.type) {
      case frameTypes.headers:
        return this.#judgeHeaders(frame);
      case frameTypes.data:
        return this.#judgeData(frame);
      case frameTypes.rstStream:
        this.#streams.end(frame.stream);
        return 'pass';
      case frameTypes.ping:
        return this.#judgePing(frame);
      case frameTypes.windowUpdate:
        return frame.stream === 0 ? this.#judgeConnectionWindow(frame.value) : 'pass';
      default:
        return 'pass';
    }
  }

  #judgeHeaders(frame: Readonly<FrameHeader>): Verdict {
    const { stream } = frame;
    this.#isInHeaderBlock = !hasFlag(frame, 'endHeaders');
    if (!isOfClient(stream)) return 'pass';
    switch (this.#streams.stateOf(stream)) {
      case 'skipped':
        return this.#stop(
          errorCodes.protocolError,
          `stream ${stream} is opened after a higher one (RFC 9113 section 5.1.1)`,
        );
      case 'ended':
        return this.#stop(errorCodes.streamClosed, `HEADERS on the closed stream ${stream} (RFC 9113 section 5.1)`);
      case 'idle':
        this.#streams.open(stream);
    }
    if (hasFlag(frame, 'endStream')) this.#streams.end(stream);
    return 'pass';
  }

  #judgeData(frame: Readonly<FrameHeader>): Verdict {
    const { stream } = frame;
    if (!isOfClient(stream)) return 'pass';
    const state = this.#streams.stateOf(stream);
    if (state === 'ended' || state === 'skipped') {
      return this.#stop(errorCodes.streamClosed, `DATA on the closed stream ${stream} (RFC 9113 section 6.1)`);
    }
    if (hasFlag(frame, 'endStream')) this.#streams.end(stream);
    return 'pass';
  }

  /** Section 6.7: one that answers nothing is not to be answered. Node closes the connection over it. */
  #judgePing(frame: Readonly<FrameHeader>): Verdict {
    const isWellFormed = frame.length === 8 && frame.stream === 0;
    if (!hasFlag(frame, 'ack') || !isWellFormed) return 'pass';
    if (this.#pingsUnanswered === 0) return 'drop';
    this.#pingsUnanswered--;
    return 'pass';
  }

  #judgeConnectionWindow(increment: number): Verdict {
    this.#window += increment;
    if (this.#window <= maxWindow) return 'pass';
    return this.#stop(errorCodes.flowControlError, "the connection's window exceeds 2^31-1 (RFC 9113 section 6.9.1)");
  }

  #stop(code: number, message: string): Verdict {
    this.#violation = { code, message: `The client breaks a rule of HTTP/2: ${message}.` };
    return 'stop';
  }
}

/** Section 5.1.1: a client's are odd. That others may not be used is a rule that Node keeps. */
function isOfClient(stream: number): boolean {
  return stream % 2 === 1;
}
