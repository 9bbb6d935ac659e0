/**
 * @module
 * PRIORITY (RFC 9113 section 6.3).
 */
import type { PayloadDescriber } from './payload.js';
import { describePriorityFields } from './priority-fields.js';

export const describePriority: PayloadDescriber = (context) => describePriorityFields(context);
