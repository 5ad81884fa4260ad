import { readFileSync } from 'fs';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import { PARTY_ROWS } from './component-rows';
import { ANY, letting, natInstance } from './parts';
import { WAY_ROWS } from './path-rows';
import { lines, PlainNetwork } from './plain-network';

const ROWS = { ...PARTY_ROWS, ...WAY_ROWS };

test('the rows are those of docs/reachability.md', () => {
  const table = /\| what +\| rule +\|\n\| -+ \| -+ \|\n((?:\|.*\n)+)/.exec(readFileSync('docs/reachability.md', 'utf8'))![1];
  expect(Object.keys(ROWS)).toEqual(
    table
      .trim()
      .split('\n')
      .map((line) => line.split(' | ')[0].replace(/^\| /, '').trim()),
  );
});

describe.each(Object.entries(ROWS))('%s', (_, row) => {
  test.each(row.open)('open: %s', (_title, arrange, wanted) => {
    const shop = new PlainNetwork();
    arrange(shop);
    expect(lines(shop.reachability)).toContain(wanted);
  });

  test.each(row.closed)('closed: %s', (_title, arrange, unwanted) => {
    const shop = new PlainNetwork();
    arrange(shop);
    const { reachability } = shop;
    // A party that is not seen at all reaches nobody, and proves nothing.
    const parties = unwanted
      .split(' ->')
      .filter((name) => /^ ?Shop/.test(name))
      .map((name) => name.trim());
    expect(reachability.components()).toEqual(expect.arrayContaining(parties));
    expect(lines(reachability).filter((line) => line.startsWith(unwanted))).toEqual([]);
  });
});

describe('a NAT instance', () => {
  test.each<[string, ec2.IPeer, ec2.Port | undefined, string[]]>([
    ['admits the network', ec2.Peer.ipv4('10.0.0.0/16'), undefined, ['Shop/Web -> Internet :443']],
    ['admits the network on this port', ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.tcp(443), ['Shop/Web -> Internet :443']],
    ['admits others', ec2.Peer.ipv4('10.99.0.0/16'), undefined, []],
    ['admits the network on another port', ec2.Peer.ipv4('10.0.0.0/16'), ec2.Port.tcp(80), []],
  ])('%s', (_, peer, port, wanted) => {
    const shop = natInstance(peer, port);
    letting(ANY)(shop);
    expect(lines(shop.reachability).filter((line) => line.startsWith('Shop/Web -> Internet'))).toEqual(wanted);
  });
});
