/**
 * @module
 * What our describer said: its HTTP/2 frames, each as plain data with the names that tshark.mjs gives.
 */

/** @returns {Map<string, object[]>} frames by "<client port> <direction>" */
export function framesByUs(records) {
  const frames = new Map();
  for (const record of records.filter(({ kind }) => kind === 'frame')) {
    const key = `${record.client.split(':').at(-1)} ${record.direction}`;
    if (!frames.has(key)) frames.set(key, []);
    frames.get(key).push(frameOf(record));
  }
  return frames;
}

function frameOf(record) {
  const type = record.frameTypeCode;
  const frame = {
    length: record.frameLength,
    type,
    flags: record.flagBits,
    streamId: record.streamIdentifier,
    reservedBit: record.reservedBit ?? 0,
    padLength: record.padLength,
    settings: record.settings?.map(({ identifier, value }) => [identifier, value]),
    headers: record.headers?.map(({ name, value }) => [name, value]),
    tableSizes: record.dynamicTableSize === undefined ? undefined : [record.dynamicTableSize],
    windowSizeIncrement: record.windowSizeIncrement,
    errorCode: record.errorCode,
    lastStreamId: record.lastStreamIdentifier,
    debugData: record.additionalDebugData,
    opaqueData: record.opaqueData,
    promisedStreamId: record.promisedStreamIdentifier,
    isExclusive: record.exclusive,
    streamDependency: record.streamDependency,
    weight: record.weight,
    altSvcOrigin: type === 0xa ? record.origin : undefined,
    altSvc: record.altSvc,
    origins: record.origins,
    prioritizedStreamId: record.prioritizedStreamIdentifier,
    priority: record.priority,
    data: record.payload,
  };
  return Object.fromEntries(Object.entries(frame).filter(([, value]) => value !== undefined && value !== ''));
}

/** What was wrong in anybody's eyes. */
export const errorsIn = (records) => records.flatMap(({ errors = [] }) => errors);
