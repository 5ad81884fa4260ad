import { Lookup } from '../api-client';
import { GeoAnswer, placeName } from '../geo-answer';
import { html, Html } from './html';

/** What is known about the address, or why nothing is. */
export function resultCard(lookup: Lookup | undefined, asked: string): Html {
  if (!lookup) return note('Type an address to see where it is', 'Your own could not be told from this request.');
  const { answer, error } = lookup;
  if (error) {
    return error.code === 'IP_ADDRESS_NOT_FOUND'
      ? unknownPlace(asked)
      : note('That is not an address', 'Addresses look like 8.8.8.8 or 2001:4860:4860::8888.');
  }
  if (answer.bogonKind) return bogon(answer);
  return html`<h2 class="place">${badge(answer)}<span>${placeName(answer) || 'Unnamed place'}</span></h2>
    ${warnings(answer)}
    <dl class="facts">${facts(answer)}</dl>`;
}

function facts(answer: GeoAnswer): Html[] {
  const { asn, latitude, longitude, radiusKm } = answer;
  const rows: [string, string | undefined][] = [
    ['Address', answer.ip],
    ['Network', answer.network],
    ['Coordinates', latitude === undefined || longitude === undefined ? undefined : coordinates(latitude, longitude)],
    ['Accuracy', radiusKm === undefined ? undefined : `approximate, ± ${radiusKm} km`],
    ['Time there', answer.timezone && localTime(answer.timezone)],
    ['Provider network', asn && `AS${asn.number}${asn.org ? ` ${asn.org}` : ''}`],
    ['Source', answer.source && (answer.source === 'embedded' ? 'embedded data (DB-IP)' : answer.source)],
  ];
  return rows.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
        ],
  );
}

function warnings(answer: GeoAnswer): Html | undefined {
  if (answer.stale) return html`<p class="warning">The provider is away; this is its last known answer.</p>`;
  if (answer.degraded) return html`<p class="warning">The provider is away; this answer is from the embedded data instead.</p>`;
  return undefined;
}

function bogon(answer: GeoAnswer): Html {
  const kind = (answer.bogonKind ?? '').replace(/-/g, ' ');
  return html`<h2 class="place"><span>Nowhere on the public internet</span></h2>
    <p class="lead">
      ${answer.ip} is a ${kind} address. It has no place: the same one is in use in many networks at once, or in none.
    </p>`;
}

function unknownPlace(asked: string): Html {
  return note('No place known', `The data has nothing about ${asked}. It may not be routed, or be too new.`);
}

function note(title: string, text: string): Html {
  return html`<h2 class="place"><span>${title}</span></h2>
    <p class="lead">${text}</p>`;
}

/** The country's two letters as a badge. Flags are left out: several systems draw them as empty boxes. */
function badge({ country }: GeoAnswer): Html | undefined {
  return country && html`<span class="badge" aria-hidden="true">${country.code}</span>`;
}

function coordinates(latitude: number, longitude: number): string {
  const part = (value: number, positive: string, negative: string): string =>
    `${Math.abs(value).toFixed(2)}° ${value < 0 ? negative : positive}`;
  return `${part(latitude, 'N', 'S')}, ${part(longitude, 'E', 'W')}`;
}

function localTime(timezone: string): string {
  try {
    const time = new Intl.DateTimeFormat('en-GB', { timeZone: timezone, weekday: 'short', hour: '2-digit', minute: '2-digit' });
    return `${time.format(new Date())} (${timezone})`;
  } catch {
    return timezone; // a zone this runtime does not know
  }
}
