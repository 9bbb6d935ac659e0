/**
 * @module
 * Single requests of the protocol, written by hand, to see what a server answers.
 */
import http from 'node:http';

export interface RawAnswer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export function request(
  url: string,
  method: string,
  headers: Record<string, string | number> = {},
  body: string | Buffer = '',
): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = http.request(url, { method, headers, agent: false });
    outgoing.on('error', reject);
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('error', reject);
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('latin1'),
        }),
      );
    });
    outgoing.end(body);
  });
}

/** A session of the seed's kind: the id and nothing else. */
export async function openPlain(url: string): Promise<string> {
  const { headers } = await request(url, 'POST');
  return headers['x-session'] as string;
}

export const aKey = 'ab'.repeat(32);

export async function openWithKey(url: string, key = aKey): Promise<Record<string, string>> {
  const { headers } = await request(url, 'POST', { 'X-Session-Key': key });
  return { 'X-Session': headers['x-session'] as string, 'X-Session-Key': key };
}
