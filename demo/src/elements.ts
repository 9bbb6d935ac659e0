/**
 * @module
 * The elements of index.html that the modules work on.
 */

/** @throws Error when index.html has no such element: a mistake of ours */
export function element<Name extends keyof HTMLElementTagNameMap>(name: Name, id: string): HTMLElementTagNameMap[Name] {
  const found = document.querySelector<HTMLElementTagNameMap[Name]>(`${name}#${id}`);
  if (!found) throw new Error(`Failed to find <${name} id="${id}">.`);
  return found;
}

export type IconName =
  'back' | 'forward' | 'reload' | 'stop' | 'settings' | 'help' | 'globe' | 'lock' | 'unlocked' | 'search' | 'alert';

/** Makes the `<use>` of an SVG show another symbol of index.html. */
export function showIcon(svg: Element | null, name: IconName): void {
  svg?.querySelector('use')?.setAttribute('href', `#icon-${name}`);
}
