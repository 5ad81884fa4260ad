const EARTH_RADIUS_KM = 6371;
/** Radius steps a run can have, in km; DB-IP and other city databases differ by 24 km in the median, so nothing claims less. */
export const RADIUS_STEPS_KM = [25, 50, 100, 250, 500, 1000, 2500, 5000];
const COVERED_SHARE = 0.9;

/**
 * Cuts the address space into blocks of `blockBits`, gives each the place most of it belongs to (the majority country first, so
 * that one big city abroad cannot outvote many small ones at home), and joins equal neighbours to runs `{ start, place, step }`.
 * A run's radius step holds 90 % of what the full database says about it: that is the honest error of the reduction.
 */
export function buildRuns(db, places, { blockBits, maxLength, weigh }) {
  const offsets = new Map(); // data offset -> place id: records repeat, decoding them once saves most of the time
  const blocks = collectBlocks(db, places, offsets, { blockBits, maxLength, weigh });
  places.settle();
  const runs = [];
  let last = { end: 0, place: undefined };
  for (const block of blocks) {
    const place = majority(block.votes, places);
    if (block.start > last.end && last.place !== undefined) runs.push({ start: last.end, place: undefined, distances: new Map() });
    if (block.start > last.end || place !== last.place) runs.push({ start: block.start, place, distances: new Map() });
    addDistances(runs.at(-1).distances, block.votes, place, places);
    last = { end: block.end, place };
  }
  if (last.end < 2 ** blockBits) runs.push({ start: last.end, place: undefined, distances: new Map() });
  return runs.map(({ start, place, distances }) => ({ start, place, step: radiusStep(distances) }));
}

function collectBlocks(db, places, offsets, { blockBits, maxLength, weigh }) {
  const blocks = [];
  db.walk(maxLength, (prefix, length, offset) => {
    let entry = offsets.get(offset);
    if (entry === undefined) {
      const record = db.record(offset);
      entry = { id: places.idOf(record), record };
      offsets.set(offset, entry);
    }
    if (entry.id === undefined) return;
    const weight = weigh(length);
    places.addCoordinates(entry.id, entry.record, weight);
    if (length <= blockBits) {
      const start = prefix * 2 ** (blockBits - length);
      blocks.push({ start, end: start + 2 ** (blockBits - length), votes: new Map([[entry.id, weight]]) });
      return;
    }
    const start = Math.floor(prefix / 2 ** (length - blockBits));
    let block = blocks.at(-1);
    if (block?.start !== start || block.end !== start + 1) {
      block = { start, end: start + 1, votes: new Map() };
      blocks.push(block);
    }
    block.votes.set(entry.id, (block.votes.get(entry.id) ?? 0) + weight);
  });
  return blocks;
}

function majority(votes, places) {
  if (votes.size === 1) return votes.keys().next().value;
  const countries = new Map();
  for (const [id, weight] of votes) {
    const { country } = places.list[id];
    countries.set(country, (countries.get(country) ?? 0) + weight);
  }
  const winner = heaviest(countries);
  return heaviest(new Map([...votes].filter(([id]) => places.list[id].country === winner)));
}

/** Ties go to the smaller key, so that a rebuild gives the same bytes. */
function heaviest(weights) {
  let best;
  for (const entry of weights) {
    if (!best || entry[1] > best[1] || (entry[1] === best[1] && entry[0] < best[0])) best = entry;
  }
  return best[0];
}

function addDistances(distances, votes, place, places) {
  for (const [id, weight] of votes) {
    const km = id === place ? 0 : distanceKm(places.list[id], places.list[place]);
    const step = RADIUS_STEPS_KM.findIndex((limit) => km <= limit);
    const index = step < 0 ? RADIUS_STEPS_KM.length - 1 : step;
    distances.set(index, (distances.get(index) ?? 0) + weight);
  }
}

function radiusStep(distances) {
  let left = [...distances.values()].reduce((sum, weight) => sum + weight, 0) * COVERED_SHARE;
  for (let step = 0; step < RADIUS_STEPS_KM.length; step++) {
    left -= distances.get(step) ?? 0;
    if (left <= 0) return step;
  }
  return RADIUS_STEPS_KM.length - 1;
}

/** Great-circle distance between two settled places. */
export function distanceKm(a, b) {
  const rad = Math.PI / 18000; // hundredths of a degree
  const s =
    Math.sin(((b.lat - a.lat) * rad) / 2) ** 2 +
    Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(((b.lon - a.lon) * rad) / 2) ** 2;
  return 2 * EARTH_RADIUS_KM * Math.asin(Math.min(1, Math.sqrt(s)));
}
