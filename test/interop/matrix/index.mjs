/**
 * @module
 * All cases. A case says what is done (`observe`), what has to come of it (`expect`), and where it makes sense: `versions`, `clients`,
 * `servers`, `engines`; everywhere when it does not say.
 */
import { answerCases } from './answers.mjs';
import { cachingCases } from './caching.mjs';
import { failureCases } from './failures.mjs';
import { rawCases } from './raw-requests.mjs';
import { rawSocketCases } from './raw-web-sockets.mjs';
import { redirectCases } from './redirects.mjs';
import { requestCases } from './requests.mjs';
import { serverChoiceCases } from './server-choice.mjs';
import { streamCases } from './streams.mjs';
import { webSocketCases } from './web-sockets.mjs';

/** Through a client. */
export const clientCases = [
  ...serverChoiceCases,
  ...requestCases,
  ...answerCases,
  ...redirectCases,
  ...cachingCases,
  ...streamCases,
  ...failureCases,
  ...webSocketCases,
];

/** Without one. */
export const serverCases = [...rawCases, ...rawSocketCases];
