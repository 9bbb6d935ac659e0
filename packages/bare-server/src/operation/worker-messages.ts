/**
 * @module
 * What the primary process and its workers say to each other.
 */

export type ToPrimary =
  | { culvert: 'ready' }
  | { culvert: 'failed'; message: string }
  | { culvert: 'set'; key: string; value: string; lifetime: number; id: number }
  | { culvert: 'take'; key: string; id: number }
  | { culvert: 'collect'; id: number }
  | { culvert: 'reported'; round: number; text: string };

export type ToWorker =
  { culvert: 'answer'; id: number; value: string | null } | { culvert: 'report'; round: number } | { culvert: 'close' };

/** Other messages may share the channel. */
export function isOurs<Message extends ToPrimary | ToWorker>(message: unknown): message is Message {
  return typeof message === 'object' && message !== null && 'culvert' in message;
}
