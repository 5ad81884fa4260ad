import { countryName } from './country-name';
import { plainText } from './plain-text';
import { Place } from './provider';

type Json = Record<string, unknown>;

/** City databases disagree by this much in the median, and a metered API gives no figure of its own. */
const UPSTREAM_RADIUS_KM = 25;

/**
 * Reads an ipgeolocation.io answer: v3 (nested in `location`) or v1 (flat), coordinates as strings or numbers. Each field is taken
 * only if it has the shape we promise our own clients. Undefined if no country is left.
 */
export function placeFromAnswer(answer: unknown): Place | undefined {
  const root = object(answer);
  const location = { ...root, ...object(root.location) };
  const code = location.country_code2;
  if (typeof code !== 'string' || !/^[A-Z]{2}$/.test(code)) return undefined;
  const latitude = number(location.latitude, 90);
  const longitude = number(location.longitude, 180);
  const located = latitude !== undefined && longitude !== undefined;
  return {
    country: { code, name: plainText(location.country_name) ?? countryName(code) },
    region: plainText(location.state_prov),
    city: plainText(location.city),
    ...(located && { latitude, longitude, accuracy: { approximate: true, radiusKm: UPSTREAM_RADIUS_KM } }),
    timezone: timezone(object(root.time_zone).name),
    asn: asn(root),
  };
}

function object(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

function number(value: unknown, limit: number): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (value === '') return undefined;
  const parsed = Number(value);
  return Math.abs(parsed) <= limit ? parsed : undefined;
}

function timezone(value: unknown): string | undefined {
  return typeof value === 'string' && /^[A-Za-z][\w+/-]{0,63}$/.test(value) ? value : undefined;
}

function asn(root: Json): Place['asn'] {
  const nested = object(root.asn);
  const digits = /^(?:AS)?(\d{1,10})$/.exec(String(nested.as_number ?? (typeof root.asn === 'string' ? root.asn : '')));
  if (!digits) return undefined;
  return { number: Number(digits[1]), org: plainText(nested.organization ?? root.organization) };
}
