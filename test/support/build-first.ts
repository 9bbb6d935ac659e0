/** @module Builds what the browser tests serve, once and only when a source has changed. */
import { build } from '../../scripts/build.mjs';

export default function buildFirst(): void {
  if (process.env.CULVERT_TEST_DIRECT_ONLY !== '1') build({ onlyIfStale: true });
}
