/**
 * @module
 * Calls listeners, in the worker and in a page alike: one after the other, until one has answered.
 */

type Listener<Event> = (event: Event) => void | PromiseLike<void>;

export interface Answerable {
  respondWith(response: Response | PromiseLike<Response>): void;
}

/**
 * @param listeners a fault of one is reported and stops neither the others nor the request
 * @returns the first answer, or null
 */
export async function askListeners<Event extends Answerable>(
  listeners: Iterable<Listener<Event>>,
  event: Omit<Event, 'respondWith'>,
): Promise<Response | null> {
  let answer: PromiseLike<Response> | null = null;
  let isOver = false;
  const respondWith = (response: Response | PromiseLike<Response>): void => {
    if (answer) throw new Error('Failed to answer the request: a listener has answered it already.');
    if (isOver) throw new Error('Failed to answer the request: respondWith was called after the listener was done.');
    answer = Promise.resolve(response);
  };
  for (const listener of listeners) {
    try {
      await listener({ ...event, respondWith } as Event);
      if (answer) return await (answer as PromiseLike<Response>);
    } catch (error) {
      answer = null;
      console.error('culvert: A listener failed:', error);
    }
  }
  isOver = true;
  return null;
}

export function tellListeners<Event>(listeners: Iterable<Listener<Event>>, event: Event): void {
  for (const listener of listeners) {
    // Nobody waits for it; a rejected promise is reported all the same.
    void Promise.resolve(event)
      .then(listener)
      .catch((error: unknown) => console.error('culvert: A listener failed:', error));
  }
}
