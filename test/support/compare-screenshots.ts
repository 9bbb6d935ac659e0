/** @module Holds two screenshots together, pixel by pixel. */
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';

/** A pixel differs when its colour is further off than this (0 to 1, in YIQ space); anti-aliased edges do not count. */
const colourTolerance = 0.1;
/** Two screenshots are the same when no more than this share of their pixels differ. */
export const pixelTolerance = 0.002;

export interface ScreenshotComparison {
  /** The share of pixels that differ; 1 where the sizes do. */
  difference: number;
  /** A picture of the differences, as PNG; absent where the sizes differ. */
  picture?: Buffer;
}

export function compareScreenshots(expected: Buffer, actual: Buffer): ScreenshotComparison {
  const one = PNG.sync.read(expected);
  const other = PNG.sync.read(actual);
  if (one.width !== other.width || one.height !== other.height) return { difference: 1 };
  const picture = new PNG({ width: one.width, height: one.height });
  const differing = pixelmatch(one.data, other.data, picture.data, one.width, one.height, {
    threshold: colourTolerance,
  });
  return { difference: differing / (one.width * one.height), picture: PNG.sync.write(picture) };
}
