import fc from 'fast-check';
import { IpAddress } from '../../common/ip-address';
import { ip } from '../../test/doubles';
import { bogonKind } from '../lookup/bogon';

const octet = fc.integer({ min: 0, max: 255 });
const v4 = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
// Zeros are frequent on purpose: shortening them is where spellings differ.
const word = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 65535 }));
const words = fc.array(word, { minLength: 8, maxLength: 8 });
const spelled = (list: number[]): string => list.map((value) => value.toString(16)).join(':');

describe('reading an address', () => {
  test('IPv4 stays as it is', () => {
    fc.assert(fc.property(v4, (text) => IpAddress.parse(text)?.text === text));
  });

  test('IPv6 gets the spelling that the WHATWG URL parser gives it', () => {
    fc.assert(
      fc.property(words, (list) => {
        const expected = new URL(`http://[${spelled(list)}]`).hostname.slice(1, -1);
        const parsed = IpAddress.parse(spelled(list).toUpperCase());
        fc.pre(parsed?.version === 6);
        expect(parsed.text).toBe(expected);
        expect(IpAddress.parse(parsed.text)?.text).toBe(expected);
      }),
    );
  });

  test('an IPv4 address written as IPv6 is the IPv4 address', () => {
    fc.assert(fc.property(v4, (text) => IpAddress.parse(`::ffff:${text}`)?.text === text));
    expect(ip('::FFFF:0808:0808')).toMatchObject({ version: 4, text: '8.8.8.8' });
  });

  test.each([
    ['fe80::1%eth0', 'fe80::1'],
    ['2001:0DB8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['1::', '1::'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ['::8.8.8.8', '::808:808'],
  ])('%s is %s', (text, expected) => {
    expect(ip(text).text).toBe(expected);
  });

  test.each([
    '',
    'abc',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '01.2.3.4',
    '8.8.8.8/24',
    '8.8.8.8 ',
    '0x8.8.8.8',
    '134744072',
    '[::1]',
    '1:2',
    '8.8.8.8%1',
  ])('%j is no address', (text) => {
    expect(IpAddress.parse(text)).toBeUndefined();
  });

  test('no text at all makes it throw', () => {
    fc.assert(fc.property(fc.string(), (text) => void IpAddress.parse(text)));
  });

  test('an address lies in each of its networks, and its leading bits say so', () => {
    fc.assert(
      fc.property(fc.oneof(v4, words.map(spelled)), fc.integer({ min: 0, max: 32 }), (text, bits) => {
        const address = ip(text);
        const [base] = address.network(bits).split('/');
        expect(address.sharesPrefix(ip(base), bits)).toBe(true);
        expect(ip(base).leadingBits(bits)).toBe(address.leadingBits(bits));
      }),
    );
  });
});

describe('special-purpose addresses', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['::1', 'loopback'],
    ['10.255.255.255', 'private'],
    ['172.16.0.0', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.1.1', 'private'],
    ['fd00::1', 'private'],
    ['169.254.169.254', 'link-local'],
    ['fe80::1', 'link-local'],
    ['100.64.0.1', 'carrier-grade-nat'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['203.0.113.7', 'documentation'],
    ['2001:db8::1', 'documentation'],
    ['198.19.255.255', 'benchmarking'],
    ['224.0.0.1', 'multicast'],
    ['ff02::1', 'multicast'],
    ['255.255.255.255', 'broadcast'],
    ['250.0.0.1', 'reserved'],
    ['::ffff:10.0.0.1', 'private'],
    ['::8.8.8.8', 'reserved'],
  ])('%s is %s', (text, kind) => {
    expect(bogonKind(ip(text))).toBe(kind);
  });

  test.each([
    '9.255.255.255',
    '11.0.0.0',
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '100.128.0.0',
    '223.255.255.255',
    '2001:4860::8888',
  ])('%s is an ordinary address', (text) => {
    expect(bogonKind(ip(text))).toBeUndefined();
  });
});
