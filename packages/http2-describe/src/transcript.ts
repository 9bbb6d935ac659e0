/**
 * @module
 * What is written about one connection: sections headed by who speaks to whom, or lines of JSON.
 */
import { coloured, plain } from './colours.js';
import { ConnectionDescriber, type ConnectionDescriberOptions } from './connection-describer.js';
import type { Description, Direction } from './description.js';
import { renderJson } from './render-json.js';
import { renderText } from './render-text.js';

export interface TranscriptOptions extends ConnectionDescriberOptions {
  /** "127.0.0.1:59600" */
  client: string;
  /** "localhost:8080" */
  server: string;
  /**
   * What begins a section: every chunk that completes something (a segment as it arrived, which is the default), or only
   * a change of the direction, which makes the text independent of how bytes were cut.
   */
  sections?: 'chunk' | 'turn';
  format?: 'text' | 'json';
  colour?: boolean;
}

const sectionRule = '='.repeat(60);

export class Transcript {
  readonly #describer: ConnectionDescriber;
  #lastDirection: Direction | null = null;

  constructor(private readonly options: TranscriptOptions) {
    this.#describer = new ConnectionDescriber(options);
  }

  /** The text for a chunk; empty when it completes nothing. */
  describe(bytes: Uint8Array, direction: Direction): string {
    return this.#render(this.#describer.describe(bytes, direction));
  }

  /** Whether TLS records wait for a secret that is not logged yet. */
  get isWaiting(): boolean {
    return this.#describer.isWaiting;
  }

  /** The text for what secrets that were logged since have made readable. */
  retry(): string {
    return this.#render(this.#describer.retry());
  }

  /** The text when the secrets will not come. */
  giveUp(): string {
    return this.#render(this.#describer.giveUp());
  }

  /** The text when `direction` ends. */
  end(direction: Direction): string {
    return this.#render(this.#describer.end(direction));
  }

  #render(descriptions: Description[]): string {
    const { client, server, format } = this.options;
    if (format === 'json') {
      return descriptions.map((one) => `${JSON.stringify(renderJson(one, { client, server }))}\n`).join('');
    }
    // Secrets that come late may make both directions readable at once.
    let text = '';
    for (let first = 0, end = 0; first < descriptions.length; first = end) {
      const { direction } = descriptions[first]!;
      while (descriptions[end]?.direction === direction) end++;
      text += this.#section(descriptions.slice(first, end), direction);
    }
    return text;
  }

  #section(descriptions: Description[], direction: Direction): string {
    const { client, server, sections, colour = false } = this.options;
    const isNewSection = sections !== 'turn' || direction !== this.#lastDirection;
    this.#lastDirection = direction;
    const palette = colour ? coloured : plain;
    const heading = `${palette.rule(sectionRule)}\n${palette.heading(routeText(direction, client, server))}\n\n`;
    return (isNewSection ? heading : '') + descriptions.map((one) => renderText(one, { colour })).join('');
  }
}

/** `client(127.0.0.1:59600)->proxy->server(localhost:8080)` */
export function routeText(direction: Direction, client: string, server: string): string {
  return direction === 'client'
    ? `client(${client})->proxy->server(${server})`
    : `server(${server})->proxy->client(${client})`;
}
