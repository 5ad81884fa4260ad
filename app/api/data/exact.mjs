/** The full database's place of single networks, as `{ network, place }`; coordinates come from the settled place. */
export function exactEntries(db, places, networks) {
  return networks.flatMap((network) => {
    const [address, length] = network.split('/');
    const offset = db.find(leadingBits(address, Number(length)), Number(length));
    const place = offset === undefined ? undefined : places.idOf(db.record(offset));
    return place === undefined ? [] : [{ network, place }];
  });
}

/** The first `length` bits of an address that is written plainly: dotted, or IPv6 with `::` at its end. */
function leadingBits(address, length) {
  if (address.includes('.'))
    return Math.floor(address.split('.').reduce((value, octet) => value * 256 + Number(octet), 0) / 2 ** (32 - length));
  const words = address.split('::')[0].split(':');
  const first48 = [0, 1, 2].reduce((value, index) => value * 65536 + parseInt(words[index] ?? '0', 16), 0);
  return Math.floor(first48 / 2 ** (48 - length));
}
