/**
 * @module
 * A message channel over a Node stream: an end of `createDuplexPair`, say, whose other end a session was given.
 */
import type { Duplex } from 'node:stream';
import { MessageChannel, type MessageChannelHandlers, type MessageChannelOptions } from '../message-channel.js';

export function openMessageChannelOnDuplex(
  duplex: Duplex,
  handlers: MessageChannelHandlers,
  options: MessageChannelOptions = {},
): MessageChannel {
  const channel = new MessageChannel(
    {
      write: (bytes) =>
        new Promise((resolve, reject) => {
          duplex.write(bytes, (error) => (error ? reject(error) : resolve()));
        }),
      end: () => void duplex.end(),
      abort: () => void duplex.destroy(),
    },
    handlers,
    options,
  );
  duplex.on('data', (chunk: Uint8Array) => channel.receive(chunk));
  duplex.on('end', () => channel.receiveEnd());
  duplex.on('close', () => channel.receiveEnd());
  // `close` follows; without a listener the error would end the process.
  duplex.on('error', () => undefined);
  return channel;
}
