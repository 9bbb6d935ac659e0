/**
 * @module Forms. While the engine submits one, its action (or its submitter's) holds the route; entry list, encoding,
 * files and target stay the engine's. A GET form's query ends up behind the route, where `decodeRoute` understands it.
 */
import { interceptMethod } from '../../interception/index.js';
import { apply, nativeGetter } from '../../natives.js';
import { isHttpUrl } from '../../global-scope/navigate.js';
import { authoredPolicies } from '../../realm/authored-policies.js';
import type { Realm } from '../../realm/realm.js';
import { afterDefaultAction, defaultActionFlush, expectDefault, expectDefaultIn } from './end-of-dispatch.js';
import { lendAttribute } from './links.js';
import { resolveTarget } from './navigation-target.js';

export function interceptForms(realm: Realm): void {
  const { global, natives } = realm;
  const prototype = global.HTMLFormElement.prototype as object;
  const submitterOf = nativeGetter<Element | null>((global.SubmitEvent?.prototype ?? {}) as object, 'submitter');
  const targetOf = nativeGetter(global.Event.prototype as object, 'target');
  const isForm = (value: unknown): value is HTMLFormElement => value instanceof global.HTMLFormElement;
  const SubmitEvent = global.SubmitEvent as typeof globalThis.SubmitEvent | undefined;

  const attributeOf = (form: Element, submitter: Element | null, name: string) => {
    const owner = submitter && natives.hasAttribute(submitter, `form${name}`) ? submitter : form;
    return { owner, attribute: owner === form ? name : `form${name}` };
  };

  /** Puts the route (and the target) in place; the returned function takes them back. */
  const lend = (form: Element, submitter: Element | null): (() => void) => {
    const action = attributeOf(form, submitter, 'action');
    const written = natives.getAttribute(action.owner, action.attribute);
    // Without an action a form goes to its document's URL, which natively is the route already.
    const url = written ? realm.urls.resolve(written) : realm.urls.documentUrl();
    // A route of another class is blocked by the browser, which tells and reports it by the policy of the page.
    const isAdmitted = url === null || authoredPolicies(realm).admits('form-action', url);
    const restoreAction =
      url !== null && isHttpUrl(url) && (written || !isAdmitted)
        ? lendAttribute(
            realm,
            action.owner,
            action.attribute,
            realm.urls.toBrowser(url, isAdmitted ? 'document' : 'object'),
          )
        : null;
    const target = attributeOf(form, submitter, 'target');
    const writtenTarget = natives.getAttribute(target.owner, target.attribute);
    const resolved = writtenTarget ? resolveTarget(realm, writtenTarget) : null;
    const restoreTarget = resolved ? lendAttribute(realm, target.owner, target.attribute, resolved.name) : null;
    return () => {
      restoreAction?.();
      restoreTarget?.();
      resolved?.release();
    };
  };

  expectDefault(realm, 'submit', (event) => {
    const form = targetOf(event) as unknown;
    if (!isForm(form)) return null;
    const submitter = SubmitEvent && event instanceof SubmitEvent ? submitterOf(event) : null;
    const submit = () => afterDefaultAction(realm, lend(form, submitter));
    return { finish: (defaultPrevented) => defaultPrevented || submit(), stopped: submit };
  });

  // A submit event does not leave its shadow tree.
  interceptMethod(
    realm,
    global.Element.prototype,
    'attachShadow',
    (native) =>
      function (...args) {
        const root = apply(native, this, args) as EventTarget;
        expectDefaultIn(realm, root, 'submit');
        return root;
      },
  );

  interceptMethod(
    realm,
    prototype,
    'submit',
    (native) =>
      function (...args) {
        if (!isForm(this)) return apply(native, this, args) as unknown;
        const restore = lend(this, null);
        try {
          return apply(native, this, args) as unknown;
        } finally {
          restore();
        }
      },
  );
  const flushDefaultActions = defaultActionFlush(realm);
  interceptMethod(
    realm,
    prototype,
    'requestSubmit',
    (native) =>
      function (...args) {
        try {
          return apply(native, this, args) as unknown;
        } finally {
          flushDefaultActions();
        }
      },
  );
}
