import fc from 'fast-check';
import * as ipaddr from 'ipaddr.js';
import { formatIpv4Range, ipv4RangeContains, ipv4RangesOverlap, isIpRange, parseIpv4Range } from '../../src/core/private/ip-range';

const octet = fc.integer({ min: 0, max: 255 });
const range = fc
  .tuple(octet, octet, octet, octet, fc.integer({ min: 0, max: 32 }))
  .map(([a, b, c, d, bits]) => `${a}.${b}.${c}.${d}/${bits}`);
/** The first and the last address of a range, as another library tells them. */
const ends = (text: string) =>
  [ipaddr.IPv4.networkAddressFromCIDR(text), ipaddr.IPv4.broadcastAddressFromCIDR(text)].map((address) =>
    address.octets.reduce((sum, part) => sum * 256 + part, 0),
  );

test('an IPv4 range has the ends that ipaddr.js says', () => {
  fc.assert(
    fc.property(range, (text) => {
      const { first, last, bits } = parseIpv4Range(text)!;
      expect([[first, last], bits]).toEqual([ends(text), Number(text.split('/')[1])]);
      expect(formatIpv4Range({ first, last, bits })).toBe(`${ipaddr.IPv4.networkAddressFromCIDR(text).toString()}/${bits}`);
    }),
  );
});

test.each(['10.0.0.0', '10.0.0/8', '256.0.0.0/8', '10.0.0.0/33', '010.0.0.0/8', '10.0.0.0/-1', ' 10.0.0.0/8', '::/0', ''])(
  '%j is no IPv4 range',
  (text) => expect(parseIpv4Range(text)).toBeUndefined(),
);

test.each<[string, boolean]>([
  ['203.0.113.0/24', true],
  ['2001:db8::/32', true],
  ['2001:db8::/128', true],
  ['2001:db8::/129', false],
  ['2001:db8::1::/64', false],
  ['2001:db8::', false],
  ['fe80::1%eth0/64', false],
  ['shop.example/24', false],
])('%s is a range: %p', (text, expected) => expect(isIpRange(text)).toBe(expected));

test('ranges hold, or overlap, as their ends say', () => {
  fc.assert(
    fc.property(range, range, (one, other) => {
      const [[a, b], [c, d]] = [ends(one), ends(other)];
      expect(ipv4RangeContains(one, other)).toBe(a <= c && d <= b);
      expect(ipv4RangesOverlap(one, other)).toBe(a <= d && c <= b);
    }),
  );
});

test.each(['::/0', 'a group'])('%s neither holds nor overlaps anything', (text) => {
  expect([ipv4RangeContains(text, text), ipv4RangesOverlap(text, '0.0.0.0/0'), ipv4RangeContains('0.0.0.0/0', text)]).toEqual([
    false,
    false,
    false,
  ]);
});
