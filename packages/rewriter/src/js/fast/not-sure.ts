/**
 * @module How the fast path says "not sure": by a throw, upon which the reference path handles the text.
 */
export type Doubt =
  | 'syntax'
  | 'goal'
  | 'depth'
  | 'escape'
  | 'with'
  | 'html-comment'
  | 'data-import'
  | 'pattern'
  | 'global-variable'
  | 'dynamic-name'
  | 'eval'
  | 'key'
  | 'callee'
  | 'size'
  | 'options'
  | 'marker';

export class NotSure {
  constructor(
    readonly doubt: Doubt,
    readonly position: number,
  ) {}
}
