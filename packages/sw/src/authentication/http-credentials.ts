/**
 * @module
 * Names and passwords that a user has given to sites, by origin and realm, until the browser is closed.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7617#section-2.2
 */
import { encodeHeaderText } from '../headers/header-list.js';
import { StoredValue, type Persistence, type StoredValueOptions } from '../storage/stored-value.js';

/** Where credentials are good: other top-level sites have their own, as with cookies. */
export interface ProtectionSpace {
  origin: string;
  realm: string;
  topLevelSite: string;
}

export interface StoredCredentials extends ProtectionSpace {
  /** The value of the header `Authorization`. */
  authorization: string;
  /** Directories whose resources are known to be in the realm. */
  directories: string[];
}

export interface HttpCredentialsOptions extends StoredValueOptions {
  /** Is what an earlier run of the worker has stored of this browser session? */
  isSameSession?: () => Promise<boolean>;
}

const maximumSpaces = 200;
const maximumDirectories = 50;

export class HttpCredentials {
  readonly ready: Promise<void>;
  #spaces: StoredCredentials[] = [];
  readonly #stored: StoredValue<StoredCredentials[]>;

  constructor(persistence: Persistence<StoredCredentials[]>, options: HttpCredentialsOptions = {}) {
    this.#stored = new StoredValue(persistence, () => this.#spaces, options);
    this.ready = this.#load(options.isSameSession ?? (async () => true));
  }

  /** For a request before it is challenged: what is good for its directory or one above. */
  findByPath(remoteUrl: string, topLevelSite: string): StoredCredentials | null {
    if (this.#spaces.length === 0) return null;
    const { origin, pathname } = new URL(remoteUrl);
    const isWithin = (directory: string) => pathname.startsWith(directory);
    return (
      this.#spaces.find(
        (space) => space.origin === origin && space.topLevelSite === topLevelSite && space.directories.some(isWithin),
      ) ?? null
    );
  }

  /** For a request that is challenged. */
  findByRealm({ origin, realm, topLevelSite }: ProtectionSpace): StoredCredentials | null {
    const isIt = (space: ProtectionSpace) =>
      space.origin === origin && space.realm === realm && space.topLevelSite === topLevelSite;
    return this.#spaces.find(isIt) ?? null;
  }

  /** @param remoteUrl what was asked for when they were asked for. @returns for `waitUntil` */
  store(space: ProtectionSpace, remoteUrl: string, user: { name: string; password: string }): Promise<void> {
    this.#remove(space);
    const authorization = `Basic ${btoa(encodeHeaderText(`${user.name}:${user.password}`))}`;
    this.#spaces.push({ ...space, authorization, directories: [directoryOf(remoteUrl)] });
    if (this.#spaces.length > maximumSpaces) this.#spaces.shift();
    return this.#stored.save();
  }

  /** Later requests to this directory need no challenge. @returns for `waitUntil` */
  noteDirectory(space: StoredCredentials, remoteUrl: string): Promise<void> {
    space.directories = [...new Set([...space.directories, directoryOf(remoteUrl)])].slice(-maximumDirectories);
    return this.#stored.save();
  }

  /** The site would not have them. @returns for `waitUntil` */
  forget(space: ProtectionSpace): Promise<void> {
    this.#remove(space);
    return this.#stored.save();
  }

  #remove(space: ProtectionSpace): void {
    const known = this.findByRealm(space);
    this.#spaces = this.#spaces.filter((other) => other !== known);
  }

  async #load(isSameSession: () => Promise<boolean>): Promise<void> {
    const [stored, isSame] = await Promise.all([this.#stored.load(), isSameSession()]);
    if (!stored || stored.length === 0) return;
    if (isSame) this.#spaces = [...stored, ...this.#spaces];
    else await this.#stored.save();
  }
}

function directoryOf(remoteUrl: string): string {
  const { pathname } = new URL(remoteUrl);
  return pathname.slice(0, pathname.lastIndexOf('/') + 1);
}
