/** The API's answer as the page needs it. It crossed a network: each field is checked, and what has another shape is left out. */
export interface GeoAnswer {
  readonly ip: string;
  readonly version?: number;
  readonly bogonKind?: string;
  readonly country?: { readonly code: string; readonly name: string };
  readonly region?: string;
  readonly city?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly radiusKm?: number;
  readonly timezone?: string;
  readonly network?: string;
  readonly asn?: { readonly number: number; readonly org?: string };
  readonly source?: string;
  readonly degraded: boolean;
  readonly stale: boolean;
}

type Json = Record<string, unknown>;

export function readGeoAnswer(value: unknown, ip: string): GeoAnswer {
  const body = object(value);
  const country = object(body.country);
  const asn = object(body.asn);
  const code = text(country.code);
  const asNumber = number(asn.number, 2 ** 32);
  return {
    ip: text(body.ip) ?? ip,
    version: number(body.version, 6),
    bogonKind: body.bogon === true ? (text(body.kind) ?? 'special-purpose') : undefined,
    country: code ? { code, name: text(country.name) ?? code } : undefined,
    region: text(body.region),
    city: text(body.city),
    latitude: number(body.latitude, 90),
    longitude: number(body.longitude, 180),
    radiusKm: number(object(body.accuracy).radiusKm, 20_000),
    timezone: text(body.timezone),
    network: text(body.network),
    asn: asNumber === undefined ? undefined : { number: asNumber, org: text(asn.org) },
    source: text(body.source),
    degraded: body.degraded === true,
    stale: body.stale === true,
  };
}

/** City, region and country in one line, without repeating a city that is its own region. */
export function placeName({ city, region, country }: GeoAnswer): string {
  const parts = [city, region === city ? undefined : region, country?.name];
  return parts.filter((part) => part !== undefined).join(', ');
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value.slice(0, 120) : undefined;
}

function number(value: unknown, limit: number): number | undefined {
  return typeof value === 'number' && Math.abs(value) <= limit ? value : undefined;
}
