/**
 * @module
 * PUSH_PROMISE (RFC 9113 section 6.6): the request that the server answers without being asked.
 */
import { describeHeaderBlock } from './header-block-fields.js';
import { describePadded } from './padding.js';
import type { PayloadDescriber } from './payload.js';
import { describeReservedAnd31Bits } from './thirty-one-bits.js';

export const describePushPromise: PayloadDescriber = (context) => {
  describePadded(context, () => {
    const promised = describeReservedAnd31Bits(context, 'Promised Stream Identifier', 'promisedStreamIdentifier');
    describeHeaderBlock(context, promised);
  });
};
