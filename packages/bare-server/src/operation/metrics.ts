/**
 * @module
 * Counters of a server in the text format of Prometheus (exposition format 0.0.4). A label is only ever one of a few values: what a
 * client can choose freely, such as a host, is in none.
 */
import { memoryUsage, cpuUsage, uptime } from 'node:process';

type Kind = 'counter' | 'gauge' | 'histogram';

/** Seconds. */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

const help: Readonly<Record<string, readonly [Kind, string]>> = {
  culvert_requests_total: ['counter', 'Requests that are over, by Bare version and status of the answer.'],
  culvert_errors_total: ['counter', 'Errors that were answered with, by code.'],
  culvert_requests_active: ['gauge', 'Requests that are being answered.'],
  culvert_websockets_total: ['counter', 'WebSocket upgrades that are over, by Bare version.'],
  culvert_websockets_active: ['gauge', 'WebSockets that are open or opening.'],
  culvert_clients_active: ['gauge', 'Client addresses that have something open.'],
  culvert_request_duration_seconds: ['histogram', 'From the head of a request to the end of its answer.'],
  process_resident_memory_bytes: ['gauge', 'Memory of the process.'],
  process_cpu_seconds_total: ['counter', 'CPU time of the process.'],
  process_uptime_seconds: ['gauge', 'Age of the process.'],
};

export class Metrics {
  requestsActive = 0;
  webSocketsActive = 0;
  readonly #counters = new Map<string, number>();
  readonly #durations = new Array<number>(buckets.length + 1).fill(0);
  #durationSum = 0;
  readonly #clients: () => number;

  /** @param clients counts the addresses that have something open */
  constructor(clients: () => number) {
    this.#clients = clients;
  }

  countRequest(version: string, status: number, seconds: number): void {
    this.#add(`culvert_requests_total{version="${version}",status="${status}"}`);
    this.#durationSum += seconds;
    const found = buckets.findIndex((bucket) => seconds <= bucket);
    const bucket = found < 0 ? buckets.length : found;
    this.#durations[bucket]!++;
  }

  countWebSocket(version: string): void {
    this.#add(`culvert_websockets_total{version="${version}"}`);
  }

  countError(code: string): void {
    this.#add(`culvert_errors_total{code="${code}"}`);
  }

  toString(): string {
    const { user, system } = cpuUsage();
    const samples: [string, number][] = [
      ...this.#counters,
      ['culvert_requests_active', this.requestsActive],
      ['culvert_websockets_active', this.webSocketsActive],
      ['culvert_clients_active', this.#clients()],
      ...this.#histogram(),
      ['process_resident_memory_bytes', memoryUsage.rss()],
      ['process_cpu_seconds_total', (user + system) / 1e6],
      ['process_uptime_seconds', uptime()],
    ];
    return formatSamples(samples);
  }

  #histogram(): [string, number][] {
    const name = 'culvert_request_duration_seconds';
    let count = 0;
    const samples = this.#durations.map((value, index): [string, number] => {
      count += value;
      return [`${name}_bucket{le="${buckets[index] ?? '+Inf'}"}`, count];
    });
    return [...samples, [`${name}_sum`, this.#durationSum], [`${name}_count`, count]];
  }

  #add(sample: string): void {
    this.#counters.set(sample, (this.#counters.get(sample) ?? 0) + 1);
  }
}

/** The metrics of several processes as those of one: what can be added is added, and of ages the oldest counts. */
export function sumMetrics(texts: readonly string[]): string {
  const sums = new Map<string, number>();
  for (const line of texts.flatMap((text) => text.split('\n'))) {
    if (line === '' || line.startsWith('#')) continue;
    const space = line.lastIndexOf(' ');
    const [sample, value] = [line.slice(0, space), Number(line.slice(space + 1))];
    const known = sums.get(sample) ?? 0;
    sums.set(sample, sample === 'process_uptime_seconds' ? Math.max(known, value) : known + value);
  }
  return formatSamples([...sums]);
}

/** Samples of one metric stand together, under what it is. */
function formatSamples(samples: readonly (readonly [string, number])[]): string {
  const lines: string[] = [];
  for (const [metric, [kind, text]] of Object.entries(help)) {
    const own = samples.filter(([sample]) => metricOf(sample) === metric);
    if (own.length === 0) continue;
    lines.push(`# HELP ${metric} ${text}`, `# TYPE ${metric} ${kind}`);
    lines.push(...own.map(([sample, value]) => `${sample} ${value}`));
  }
  return `${lines.join('\n')}\n`;
}

function metricOf(sample: string): string {
  const name = sample.replace(/\{.*$/s, '');
  return name in help ? name : name.replace(/_(?:bucket|sum|count)$/, '');
}
