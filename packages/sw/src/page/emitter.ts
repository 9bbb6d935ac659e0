/**
 * @module
 * The smallest typed emitter: what `ProxyFrame` offers as `on`.
 */

export type Listener<Detail> = (detail: Detail) => void;

export class Emitter<Events extends object> {
  private readonly listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** @returns a function that takes the listener away again */
  on<Type extends keyof Events>(type: Type, listener: Listener<Events[Type]>): () => void {
    const set = this.listeners.get(type) ?? new Set();
    this.listeners.set(type, set.add(listener));
    return () => set.delete(listener);
  }

  emit<Type extends keyof Events>(type: Type, detail: Events[Type]): void {
    for (const listener of this.listeners.get(type) ?? []) (listener as Listener<Events[Type]>)(detail);
  }

  removeAll(): void {
    this.listeners.clear();
  }
}
