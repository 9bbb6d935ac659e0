/**
 * @module
 * HEADERS (RFC 9113 section 6.2).
 */
import { Flag } from '../flags.js';
import { describeHeaderBlock } from './header-block-fields.js';
import { describePadded } from './padding.js';
import type { PayloadDescriber } from './payload.js';
import { describePriorityFields } from './priority-fields.js';

export const describeHeaders: PayloadDescriber = (context) => {
  describePadded(context, () => {
    if (context.frame.flags & Flag.PRIORITY) describePriorityFields(context);
    describeHeaderBlock(context, context.frame.streamId);
  });
};
