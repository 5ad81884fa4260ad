import { IncomingMessage } from 'node:http';
import { IpAddress } from './ip-address';

/**
 * The caller's address. Each trusted proxy appends the peer it saw to X-Forwarded-For, so with `hops` proxies of ours in front
 * the entry `hops` from the right is the first that a client could not have forged. Everything left of it is hearsay.
 */
export function clientAddress(request: IncomingMessage, hops: number): IpAddress | undefined {
  if (hops > 0) {
    const entries = [request.headers['x-forwarded-for'] ?? []].flat().join(',').split(',');
    const entry = entries[entries.length - hops]?.trim();
    return entry ? IpAddress.parse(withoutPort(entry)) : undefined;
  }
  return IpAddress.parse(request.socket.remoteAddress ?? '');
}

/** ALBs can be told to write `ip:port` and `[v6]:port`. */
function withoutPort(entry: string): string {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(entry);
  if (bracketed) return bracketed[1];
  const dotted = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(entry);
  return dotted ? dotted[1] : entry;
}
