import { Lookup } from '../api-client';
import { placeName } from '../geo-answer';

/** For terminals: one fact a line, and nothing in it that could move the cursor. */
export function plainAnswer({ answer, error, cache }: Lookup): string {
  if (error) return `${error.message}\n`;
  if (answer.bogonKind) return `${answer.ip}\n${answer.bogonKind}: not on the public internet\n`;
  const lines = [
    answer.ip,
    placeName(answer),
    answer.latitude !== undefined && answer.longitude !== undefined && `${answer.latitude}, ${answer.longitude}`,
    answer.radiusKm !== undefined && `approximate, within about ${answer.radiusKm} km`,
    answer.timezone,
    `cache: ${cache}`,
    answer.source === 'embedded' && 'IP Geolocation by DB-IP (https://db-ip.com)',
  ];
  return `${lines
    .filter(Boolean)
    .map((line) => String(line).replace(/\p{C}/gu, ' '))
    .join('\n')}\n`;
}
