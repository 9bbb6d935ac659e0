/**
 * @module
 * An HTTP proxy that drops, delays, repeats and truncates requests and answers at random, from a seed.
 */
import http from 'node:http';
import { onTestFinished } from 'vitest';
import { listen } from './local-servers.test-support.js';

export interface Faults {
  /** Each is a probability per request. */
  dropRequest: number;
  dropAnswer: number;
  /** The request is sent twice; the answer is that of either. */
  repeat: number;
  /** The same request once more, long after. */
  replay: number;
  /** Part of the body, with a Content-Length that fits it. */
  shortenRequest: number;
  /** Part of the body, and then the connection breaks. */
  breakRequest: number;
  shortenAnswer: number;
  breakAnswer: number;
  /** Instead of the server's an answer of the proxy's own. */
  badGateway: number;
  /** No answer, and the connection stays open. */
  swallow: number;
  maxDelay: number;
}

export const someFaults: Faults = {
  dropRequest: 0.04,
  dropAnswer: 0.04,
  repeat: 0.06,
  replay: 0.04,
  shortenRequest: 0.04,
  breakRequest: 0.03,
  shortenAnswer: 0.04,
  breakAnswer: 0.04,
  badGateway: 0.02,
  swallow: 0.001,
  maxDelay: 15,
};

/** mulberry32 */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: Buffer;
}

export interface UnreliableProxy {
  url: string;
  /** How often each fault was made. */
  counts: Record<string, number>;
}

export async function startUnreliableProxy(target: string, faults: Faults, seed: number): Promise<UnreliableProxy> {
  const random = seededRandom(seed);
  const counts: Record<string, number> = { requests: 0 };
  const agent = new http.Agent({ keepAlive: true });
  const timers = new Set<NodeJS.Timeout>();
  const later = (action: () => void, milliseconds: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      action();
    }, milliseconds);
    timers.add(timer);
  };
  const pause = (): Promise<void> => new Promise((resolve) => later(resolve, random() * faults.maxDelay));
  const isStruck = (fault: keyof Faults): boolean => {
    if (random() >= faults[fault]) return false;
    counts[fault] = (counts[fault] ?? 0) + 1;
    return true;
  };

  const forward = (request: http.IncomingMessage, body: Buffer, sentBytes = body.length): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = { ...request.headers, 'content-length': String(body.length) };
      const outgoing = http.request(new URL(request.url!, target), { method: request.method, headers, agent });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        const chunks: Buffer[] = [];
        response.on('error', reject);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode!, headers: response.headers, body: Buffer.concat(chunks) }),
        );
      });
      if (sentBytes === body.length) outgoing.end(body);
      else outgoing.write(body.subarray(0, sentBytes), () => outgoing.destroy(new Error('broken on purpose')));
    });

  const handle = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    counts.requests! += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    let body = Buffer.concat(chunks);
    await pause();
    if (isStruck('swallow')) return;
    if (isStruck('dropRequest')) return void response.destroy();
    if (isStruck('badGateway')) return void response.writeHead(502, { 'Content-Length': 3 }).end('bad');
    if (body.length > 1 && isStruck('breakRequest')) {
      await forward(request, body, Math.floor(random() * body.length)).catch(() => undefined);
      return void response.destroy();
    }
    if (body.length > 1 && isStruck('shortenRequest')) body = body.subarray(0, Math.floor(random() * body.length));
    if (isStruck('replay')) later(() => void forward(request, body).catch(() => undefined), 50 + random() * 1000);
    const answers = [forward(request, body)];
    if (isStruck('repeat')) answers.push(forward(request, body));
    const answer = await Promise.race(answers);
    for (const other of answers) other.catch(() => undefined);
    await pause();
    if (isStruck('dropAnswer')) return void response.destroy();
    const { headers } = answer;
    delete headers['connection'];
    delete headers['keep-alive'];
    if (answer.body.length > 1 && isStruck('breakAnswer')) {
      response.writeHead(answer.status, headers);
      response.write(answer.body.subarray(0, Math.floor(random() * answer.body.length)), () => response.destroy());
      return;
    }
    if (answer.body.length > 1 && isStruck('shortenAnswer')) {
      answer.body = answer.body.subarray(0, Math.floor(random() * answer.body.length));
      headers['content-length'] = String(answer.body.length);
    }
    response.writeHead(answer.status, headers).end(answer.body);
  };

  const server = http.createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  onTestFinished(() => {
    for (const timer of timers) clearTimeout(timer);
    agent.destroy();
    server.closeAllConnections();
    server.close();
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}${new URL(target).pathname}`, counts };
}
