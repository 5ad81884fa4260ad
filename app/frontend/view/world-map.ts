import { GeoAnswer, placeName } from '../geo-answer';
import { html, Html } from './html';

const WIDTH = 1000;
const HEIGHT = 500;
const KM_PER_DEGREE = 111.32;
/** Antarctica is most of a world map's lower fifth and hardly anyone's address: shown only when the place is there. */
const CROPPED = '0 18 1000 404';
const WHOLE = '0 0 1000 500';
const CROP_SOUTH = -58;
/** A ring smaller than the marker would be hidden by it. */
const SMALLEST_RING = 9;

/** The world with the place and its uncertainty: the same projection as `static/build-map.mjs`, so no library is needed. */
export function worldMap(answer: GeoAnswer | undefined, worldAddress: string): Html {
  const { latitude, longitude } = answer ?? {};
  const located = answer !== undefined && latitude !== undefined && longitude !== undefined;
  const title = located ? mapTitle(answer) : 'World map without a place';
  const viewBox = located && latitude < CROP_SOUTH ? WHOLE : CROPPED;
  return html`<svg class="map" viewBox="${viewBox}" role="img" aria-labelledby="map-title">
    <title id="map-title">${title}</title>
    <path class="graticule" d="${graticule()}" />
    <use class="land" href="${worldAddress}#land" />
    ${located && marker(latitude, longitude, answer.radiusKm)}
  </svg>`;
}

function marker(latitude: number, longitude: number, radiusKm: number | undefined): Html {
  const x = round(((longitude + 180) / 360) * WIDTH);
  const y = round(((90 - latitude) / 180) * HEIGHT);
  const ry = ((radiusKm ?? 0) / KM_PER_DEGREE / 180) * HEIGHT;
  // A degree of longitude shrinks towards the poles, and the projection stretches it back.
  const rx = ry / Math.max(0.05, Math.cos((latitude * Math.PI) / 180));
  return html`<path class="crosshair" d="M0 ${y}H${WIDTH}M${x} 0V${HEIGHT}" />
    ${rx > SMALLEST_RING && html`<ellipse class="ring" cx="${x}" cy="${y}" rx="${round(rx)}" ry="${round(ry)}" />`}
    <circle class="halo" cx="${x}" cy="${y}" r="9" />
    <circle class="marker" cx="${x}" cy="${y}" r="4.5" />`;
}

function mapTitle(answer: GeoAnswer): string {
  const place = placeName(answer) || 'an unnamed place';
  return answer.radiusKm === undefined ? `${place}, approximate` : `${place}, give or take ${answer.radiusKm} km`;
}

/** A line every 30 degrees. */
function graticule(): string {
  const meridians = Array.from({ length: 11 }, (_, index) => `M${round(((index + 1) * WIDTH) / 12)} 0V${HEIGHT}`);
  const parallels = Array.from({ length: 5 }, (_, index) => `M0 ${round(((index + 1) * HEIGHT) / 6)}H${WIDTH}`);
  return [...meridians, ...parallels].join('');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
