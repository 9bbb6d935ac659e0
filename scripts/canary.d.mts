export interface CanaryHit {
  host: string;
  detail: string;
}
export function startCanary(onHit: (hit: CanaryHit) => void): Promise<{ port: number; close(): Promise<void> }>;
export function describeFirstBytes(bytes: Buffer): CanaryHit;
