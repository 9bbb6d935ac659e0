/**
 * @module
 * A fixed set of tokens with what each may take. Tokens are kept and looked up as hashes, so that neither the table nor
 * the time of a look-up tells of them.
 */
import { createHash } from 'node:crypto';

/** What a token entitles to. */
export interface Grant {
  /** Who holds it: a device that registers again replaces the one of the same name. */
  device: string;
  /** The host names whose clients it gets: exact, `*.example.com`, or `*` for all that nobody else has. */
  names?: string[];
  /** The ports the relay listens at for it alone; 0 is a free one, kept while the registration is. */
  ports?: (number | PortGrant)[];
}

export interface PortGrant {
  port: number;
  /** What the device is told of its clients; "tcp" by default. */
  service?: string;
}

export type Authenticate = (token: string) => Grant | null | undefined | Promise<Grant | null | undefined>;

export function tokenTable(grants: Readonly<Record<string, Grant>>): Authenticate {
  const table = new Map(Object.entries(grants).map(([token, grant]) => [digest(token), grant]));
  return (token) => table.get(digest(token));
}

function digest(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}
