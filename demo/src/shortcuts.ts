/**
 * @module
 * The keyboard shortcuts, in this page and in the proxied one. A page comes first: what it handled itself, and what is
 * typed into a field, is left alone.
 */

export interface ShortcutHandlers {
  focusAddress(): void;
  /** @returns whether there was somewhere to go; if not, the browser's own shortcut holds */
  back(): boolean;
  forward(): boolean;
  /** @returns whether there was something to stop */
  stop(): boolean;
  help(): void;
}

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** @param target a window of this origin; its events may come from another realm */
export function listenForShortcuts(target: Window, handlers: ShortcutHandlers): void {
  // In the bubbling phase at the window, where all of the page's own listeners have been.
  const listener = (event: KeyboardEvent): void => {
    if (!event.defaultPrevented && !event.isComposing && handle(event, handlers)) event.preventDefault();
  };
  EventTarget.prototype.addEventListener.call(target, 'keydown', listener as EventListener);
}

function handle(event: KeyboardEvent, handlers: ShortcutHandlers): boolean {
  const { key, altKey, shiftKey } = event;
  const command = isMac ? event.metaKey : event.ctrlKey;
  const isPlain = !altKey && !event.ctrlKey && !event.metaKey;
  if (command && !altKey && !shiftKey && key.toLowerCase() === 'l') return run(handlers.focusAddress);
  if (altKey && !command && !shiftKey && key === 'ArrowLeft') return handlers.back();
  if (altKey && !command && !shiftKey && key === 'ArrowRight') return handlers.forward();
  if (!isPlain) return false;
  if (key === 'Escape') return handlers.stop();
  if (isEditable(event)) return false;
  if (key === '/') return run(handlers.focusAddress);
  if (key === '?') return run(handlers.help);
  return false;
}

function run(action: () => void): true {
  action();
  return true;
}

function isEditable(event: KeyboardEvent): boolean {
  // The first of the path is within open shadow roots, where `target` names their host.
  const [target] = event.composedPath() as (Partial<HTMLElement> | undefined)[];
  if (!target) return false;
  return Boolean(target.isContentEditable) || /^(?:input|textarea|select)$/i.test(target.localName ?? '');
}
