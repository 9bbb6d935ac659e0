/**
 * @module
 * CONTINUATION (RFC 9113 section 6.10): the next part of the header block that HEADERS or PUSH_PROMISE began.
 */
import { describeHeaderBlock } from './header-block-fields.js';
import type { PayloadDescriber } from './payload.js';

export const describeContinuation: PayloadDescriber = (context) => {
  describeHeaderBlock(context, context.frame.streamId);
};
