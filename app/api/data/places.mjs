/** Every distinct (country, region, city), with the coordinates that most of its addresses have. */
export class Places {
  #ids = new Map();
  list = [];

  /** Id of a database record's place, or undefined when the record names no country. */
  idOf(record) {
    const country = record.country_code ?? '';
    if (!/^[A-Z]{2}$/.test(country) || country === 'ZZ') return undefined;
    const region = clean(record.state1);
    // Districts ("Osaka (Shiromi)") are finer than any block of the table, and would split a city's majority.
    const city = clean(record.city).replace(/ \([^()]*\)$/, '');
    const key = `${country}\n${region}\n${city}`;
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.list.length;
      this.#ids.set(key, id);
      this.list.push({ country, region, city, coordinates: new Map() });
    }
    return id;
  }

  /** Counts `weight` more addresses of a place at a record's coordinates. */
  addCoordinates(id, record, weight) {
    const { coordinates } = this.list[id];
    const key = `${Math.round(record.latitude * 100)},${Math.round(record.longitude * 100)}`;
    coordinates.set(key, (coordinates.get(key) ?? 0) + weight);
  }

  /** Fixes each place's coordinates, in hundredths of a degree, from what has been counted so far. */
  settle() {
    for (const place of this.list) {
      const [best] = [...place.coordinates].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
      [place.lat, place.lon] = best[0].split(',').map(Number);
    }
  }
}

function clean(text) {
  return (text ?? '').replace(/\s+/g, ' ').trim();
}
