/**
 * All facts: `{ id, statement, headers?, head?, body?, resources?, measure, always | expected | looksUp, secure?, skip? }`.
 */
import { blocked } from './blocked.mjs';
import { language } from './language.mjs';
import { nameLookups } from './name-lookups.mjs';
import { navigation } from './navigation.mjs';
import { realms } from './realms.mjs';
import { reportedUrls } from './reported-urls.mjs';
import { requests } from './requests.mjs';

export const facts = [...reportedUrls, ...requests, ...blocked, ...navigation, ...realms, ...language, ...nameLookups];
