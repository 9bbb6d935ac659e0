/**
 * @module Removes a property as if the engine had none.
 */
import { deleteProperty } from '../natives.js';
import type { Realm } from '../realm/realm.js';

export function hideProperty(_realm: Realm, holder: object, name: PropertyKey): void {
  deleteProperty(holder, name);
}
