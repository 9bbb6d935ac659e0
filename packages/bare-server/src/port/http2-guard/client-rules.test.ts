/** What the guard says to a client's frames, rule by rule. Frames are written as `TYPE stream +flag`. */
import { expect, it } from 'vitest';
import { errorCodes, flags, frameTypes } from '../http2-frame.js';
import { ClientRules } from './client-rules.js';
import { ClientStreams } from './client-streams.js';
import type { FrameHeader } from './frame-reader.js';

const types = {
  DATA: frameTypes.data,
  HEADERS: frameTypes.headers,
  PRIORITY: 0x2,
  RST_STREAM: frameTypes.rstStream,
  SETTINGS: frameTypes.settings,
  PING: frameTypes.ping,
  WINDOW_UPDATE: frameTypes.windowUpdate,
  CONTINUATION: frameTypes.continuation,
};
const flagNames = { '+ack': flags.ack, '+end': flags.endStream, '+endHeaders': flags.endHeaders };
const lengths: Partial<Record<keyof typeof types, number>> = { PING: 8, WINDOW_UPDATE: 4, RST_STREAM: 4 };

function parse(text: string): FrameHeader {
  const [type, stream, ...rest] = text.split(' ') as [keyof typeof types, string, ...string[]];
  const number = rest.find((word) => /^\d/.test(word)) ?? '0';
  return {
    type: types[type],
    stream: Number(stream),
    flags: rest.reduce((sum, word) => sum | (flagNames[word as keyof typeof flagNames] ?? 0), 0),
    length: type === 'DATA' ? Number(number) : (lengths[type] ?? 10),
    value: type === 'WINDOW_UPDATE' ? Number(number) : 0,
  };
}

/** Frames that begin with `>` are the server's. @returns the verdict on the last, and the code of the violation */
function judge(frames: readonly string[], rules = new ClientRules()) {
  let verdict: string = 'none';
  for (const text of frames) {
    if (text.startsWith('>')) rules.note(parse(text.slice(1)));
    else if (verdict === 'stop') throw new Error(`${text} comes after the end`);
    else verdict = rules.judge(parse(text));
  }
  return { verdict, code: rules.violation?.code };
}

const get = (stream: number): string => `HEADERS ${stream} +endHeaders +end`;
const post = (stream: number): string => `HEADERS ${stream} +endHeaders`;
const [max, half] = [2 ** 31 - 1, 2 ** 30];

it.each<[section: string, fact: string, frames: string[], code: number]>([
  ['5.1', 'DATA after END_STREAM', [get(1), 'DATA 1'], errorCodes.streamClosed],
  ['5.1', 'DATA after END_STREAM of DATA', [post(1), 'DATA 1 +end', 'DATA 1'], errorCodes.streamClosed],
  ['5.1', 'DATA after RST_STREAM', [post(1), 'RST_STREAM 1', 'DATA 1 +end'], errorCodes.streamClosed],
  ['5.1', 'HEADERS after END_STREAM', [get(1), get(1)], errorCodes.streamClosed],
  ['5.1', 'HEADERS after RST_STREAM', [post(1), 'RST_STREAM 1', get(1)], errorCodes.streamClosed],
  ['5.1', 'HEADERS after trailers', [post(1), get(1), get(1)], errorCodes.streamClosed],
  ['5.1', 'DATA on a stream below one that was opened', [get(5), 'DATA 3'], errorCodes.streamClosed],
  ['5.1.1', 'a stream below one that was opened', [get(5), get(3)], errorCodes.protocolError],
  ['5.1.1', 'the first of those below', [get(5), get(1)], errorCodes.protocolError],
  ['6.9.1', 'a window over 2^31-1', [`WINDOW_UPDATE 0 ${max}`], errorCodes.flowControlError],
  ['6.9.1', 'one over 2^31-1 bit by bit', [`WINDOW_UPDATE 0 ${half}`, `WINDOW_UPDATE 0 ${half}`], 0x3],
  ['6.9.1', 'one over by more than was sent', ['>DATA 1 1000', `WINDOW_UPDATE 0 ${max - 65_535 + 1001}`], 0x3],
])('ends the connection (section %s) for %s', (_section, _fact, frames, code) => {
  expect(judge(frames)).toEqual({ verdict: 'stop', code });
});

it.each<[section: string, fact: string, frames: string[]]>([
  ['5.1', 'a body and trailers', [post(1), 'DATA 1', 'DATA 1', get(1)]],
  ['5.1', 'PRIORITY on a closed stream', [get(1), 'PRIORITY 1']],
  ['5.1', 'WINDOW_UPDATE on a closed stream', [get(1), 'WINDOW_UPDATE 1 5']],
  ['5.1', 'RST_STREAM on a stream that has ended', [get(1), 'RST_STREAM 1']],
  ['5.1', 'DATA on a stream that the server has reset', [post(1), '>RST_STREAM 1', 'DATA 1']],
  ['5.1.1', 'streams that leave some out', [get(1), get(15), get(17)]],
  ['5.1.1', 'a body beside later streams', [post(1), get(3), get(5), 'DATA 1 +end']],
  ['6.9.1', 'the largest window', [`WINDOW_UPDATE 0 ${max - 65_535}`]],
  ['6.9.1', 'what was sent given back', [`WINDOW_UPDATE 0 ${max - 65_535}`, '>DATA 1 900', 'WINDOW_UPDATE 0 900']],
  ['6.7', 'a PING', ['PING 0']],
  ['6.7', 'the answer to a PING', ['>PING 0', 'PING 0 +ack']],
  ['6.2', 'a header block in parts', ['HEADERS 1 +end', 'CONTINUATION 1', 'CONTINUATION 1 +endHeaders', get(3)]],
])('passes (section %s) %s', (_section, _fact, frames) => {
  expect(judge(frames)).toEqual({ verdict: 'pass', code: undefined });
});

it.each<[section: string, fact: string, frames: string[]]>([
  ['5.1', 'DATA on an idle stream', ['DATA 1']],
  ['5.1.1', 'a stream with an even number', ['HEADERS 2 +endHeaders']],
  ['6.1', 'DATA on the connection', [get(1), 'DATA 0']],
  ['6.2', 'another frame in a header block', ['HEADERS 1 +end', 'DATA 1']],
  ['6.7', 'a PING on a stream', ['PING 1 +ack']],
])('leaves to Node (section %s) %s', (_section, _fact, frames) => {
  expect(judge(frames).verdict).toBe('pass');
});

it('takes a PING that answers nothing out (section 6.7)', () => {
  expect(judge(['PING 0 +ack'])).toEqual({ verdict: 'drop', code: undefined });
  expect(judge(['>PING 0', 'PING 0 +ack', 'PING 0 +ack'])).toEqual({ verdict: 'drop', code: undefined });
});

it('says in its message which section was broken', () => {
  const rules = new ClientRules();
  judge([get(5), get(3)], rules);
  expect(rules.violation?.message).toMatch(/stream 3 .*RFC 9113 section 5\.1\.1/);
});

it('forgets the oldest open streams over its limit, and says nothing wrong of them', () => {
  const rules = (): ClientRules => new ClientRules(new ClientStreams(2));
  const three = [post(1), get(3), post(5), post(7)];
  expect(judge([...three, 'DATA 1'], rules()).verdict).toBe('pass');
  expect(judge([...three, 'DATA 5'], rules()).verdict).toBe('pass');
  expect(judge([...three, get(9), get(9)], rules()).verdict).toBe('stop');
});

it('remembers a bounded number of gaps', () => {
  const streams = new ClientStreams();
  for (let index = 0; index < 1000; index++) {
    streams.open(3 + index * 4);
    streams.end(3 + index * 4);
  }
  expect(streams.stateOf(1 + 999 * 4)).toBe('skipped');
  expect(streams.stateOf(1)).toBe('ended');
});
