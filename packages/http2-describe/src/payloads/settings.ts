/**
 * @module
 * SETTINGS (RFC 9113 section 6.5). What the peers tell each other here bounds the frames and the HPACK tables that follow.
 */
import type { JsonValue } from '../description.js';
import { DescribeError } from '../errors.js';
import { Flag } from '../flags.js';
import { hex } from '../hexdump.js';
import { settingName, settingViolation } from '../settings.js';
import type { PayloadDescriber } from './payload.js';

const settingLength = 6;

export const describeSettings: PayloadDescriber = ({ frame, reader, out, direction, connection }) => {
  if (frame.flags & Flag.ACK && frame.length > 0) {
    out.error(
      new DescribeError(
        'H2_DESCRIBE_BAD_LENGTH',
        frame.offset,
        'Frame Length',
        'an acknowledgement carries no settings',
      ),
    );
  }
  const span = reader.span(reader.remaining - (reader.remaining % settingLength));
  const lines: string[] = [];
  const settings: JsonValue[] = [];
  const errors: DescribeError[] = [];
  while (reader.remaining >= settingLength) {
    const offset = reader.offset;
    const bytes = reader.take(settingLength, 'Settings');
    const identifier = bytes.readUInt16BE(0);
    const value = bytes.readUInt32BE(2);
    const name = settingName(identifier);
    lines.push(
      `${name}:0x${identifier.toString(16)} -> ${value} (${hex(bytes.subarray(0, 2))} | ${hex(bytes.subarray(2))})`,
    );
    settings.push({ identifier, name, value });
    const violation = settingViolation(identifier, value);
    if (violation === null) connection.applySetting(direction, identifier, value);
    // A hostile frame has thousands; each error costs far more than its six bytes.
    else if (errors.length < 100) errors.push(new DescribeError('H2_DESCRIBE_BAD_VALUE', offset, name, violation));
  }
  if (lines.length > 0) out.block('Settings', lines, { settings }, span);
  for (const error of errors) out.error(error);
  // A setting with fewer than six bytes is what take() reports.
  if (reader.remaining > 0 && frame.omitted === 0) reader.take(settingLength, 'Settings');
};
