/**
 * @module
 * A meta store in Redis, so that several machines behind one address serve v1 and v2 as one. v3 keeps nothing and needs none.
 *
 * The client is an optional peer dependency, loaded when a store is made.
 */
import type * as RedisClient from '@redis/client';
import { BareServerError } from '../../errors.js';
import type { MetaStore } from './meta-store.js';

export interface RedisMetaStoreOptions {
  /** In front of every key; `culvert:` by default. */
  prefix?: string;
  /** Milliseconds for the connection, and for each command; 5 s by default. */
  timeout?: number;
  /** Told when the connection is lost; it is made again by itself. Requests that need the store fail in the meantime. */
  onError?: (error: unknown) => void;
}

export interface RedisMetaStore extends MetaStore {
  close(): Promise<void>;
}

/**
 * @param url `redis://[[user]:password@]host[:port][/database]`, or `rediss://` for TLS
 * @throws BareServerError BARE_SERVER_BAD_META_STORE when there is no client, or no Redis at the address
 */
export async function connectRedisMetaStore(url: string, options: RedisMetaStoreOptions = {}): Promise<RedisMetaStore> {
  const { prefix = 'culvert:', timeout = 5_000, onError } = options;
  const { protocol, host } = URL.canParse(url) ? new URL(url) : { protocol: '', host: '' };
  if ((protocol !== 'redis:' && protocol !== 'rediss:') || host === '') {
    // The URL is not repeated: it may hold a password.
    throw failed('it is not a redis:// or rediss:// URL with a host');
  }
  const { createClient } = await loadClient();
  let isConnected = false;
  const client = createClient({
    url,
    // A command that waits for a lost connection would have its request wait as well.
    disableOfflineQueue: true,
    commandOptions: { timeout },
    socket: {
      connectTimeout: timeout,
      // The first connection fails at once, so that a wrong address is noticed at the start.
      reconnectStrategy: (retries) => (isConnected ? Math.min(50 * 2 ** retries, 5_000) : false),
    },
  });
  client.on('error', (error: unknown) => {
    if (isConnected) onError?.(error);
  });
  try {
    await client.connect();
  } catch (cause) {
    throw failed(`${host} does not answer (${cause instanceof Error ? cause.message : String(cause)})`, cause);
  }
  isConnected = true;
  return {
    async set(key, value, lifetime) {
      await client.set(prefix + key, value, { expiration: { type: 'PX', value: Math.ceil(lifetime) } });
    },
    take: (key) => client.getDel(prefix + key),
    async close() {
      isConnected = false;
      await client.close();
    },
  };
}

async function loadClient(): Promise<typeof RedisClient> {
  try {
    return await import('@redis/client');
  } catch (cause) {
    throw failed('its client is not installed; npm install @redis/client', cause);
  }
}

function failed(reason: string, cause?: unknown): BareServerError {
  return new BareServerError('BARE_SERVER_BAD_META_STORE', `Failed to use Redis as the meta store: ${reason}.`, {
    cause,
  });
}
