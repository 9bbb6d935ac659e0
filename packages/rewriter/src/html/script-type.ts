/**
 * @module What a script element holds, by its attributes.
 */
import { isJavaScriptMimeTypeEssence } from '../text/mime-type.js';

/** `data`: a block that no engine runs (JSON, templates). */
export type ScriptElementKind = 'script' | 'module' | 'importmap' | 'speculationrules' | 'data';

/** https://html.spec.whatwg.org/multipage/scripting.html#prepare-the-script-element, steps 8-12 */
export function scriptElementKind(getAttribute: (name: string) => string | null): ScriptElementKind {
  const type = getAttribute('type');
  if (type === '') return 'script';
  let typeString: string;
  if (type !== null) {
    typeString = type.replace(/^[\t\n\f\r ]+|[\t\n\f\r ]+$/g, '').toLowerCase();
  } else {
    const language = getAttribute('language');
    if (language === null || language === '') return 'script';
    typeString = `text/${language.toLowerCase()}`;
  }
  if (isJavaScriptMimeTypeEssence(typeString)) return 'script';
  if (typeString === 'module' || typeString === 'importmap' || typeString === 'speculationrules') return typeString;
  return 'data';
}
