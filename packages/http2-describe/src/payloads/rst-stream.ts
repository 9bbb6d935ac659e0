/**
 * @module
 * RST_STREAM (RFC 9113 section 6.4).
 */
import { describeErrorCode } from './error-code.js';
import type { PayloadDescriber } from './payload.js';

export const describeRstStream: PayloadDescriber = (context) => {
  describeErrorCode(context);
  context.connection.streams.forget(context.frame.streamId);
};
