import { closed, group, idOf, NOBODY, Resources, service, subnet, tcp } from './fixture/groups';
import { resolverOf } from './fixture/resolver-of';
import { Json } from '../assembly/json';
import { PacketFilter, Station } from '../containers/packet-filter';
import { NetworkInterface } from '../security-groups/network-interface';
import { NetworkInterfaces } from '../security-groups/network-interfaces';

describe('the filter', () => {
  const resources: Resources = {
    Subnet: subnet('10.0.1.0/24'),
    Web: group({
      SecurityGroupIngress: [tcp(8080, { SourceSecurityGroupId: idOf('Door') })],
      SecurityGroupEgress: [
        tcp(443, { CidrIp: '0.0.0.0/0' }),
        tcp(6379, { DestinationSecurityGroupId: idOf('Store') }),
        { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, CidrIp: '192.0.2.0/24' },
        { IpProtocol: 'udp', CidrIp: '192.0.2.0/24' },
        { IpProtocol: '50', CidrIp: '192.0.2.0/24' },
      ],
    }),
    Door: closed(
      [tcp(80, { CidrIp: '0.0.0.0/0' })],
      [{ IpProtocol: 'tcp', FromPort: 32_768, ToPort: 65_535, DestinationSecurityGroupId: idOf('Web') }],
    ),
    Store: closed([tcp(6379, { SourceSecurityGroupId: idOf('Web') })]),
    ...{
      Service: service([idOf('Web')]),
      Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { SecurityGroups: [idOf('Door')] } },
    },
    Cache: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { SecurityGroupIds: [idOf('Store')] } },
  };
  const interfaces = new NetworkInterfaces(resolverOf(resources));
  const at = (address: string, key: string, more: Partial<Station> = {}): Station => ({
    ...{ address, interface: interfaces.of(`Main/${key}`) },
    ...more,
  });
  const network = { subnet: '10.9.0.0/16', gateway: '10.9.0.2', aws: { address: '10.9.50.2', port: 4566 } };
  const shared9 = [at('10.9.10.1', 'Balancer', { atGateway: true }), at('10.9.40.1', 'Cache', { atGateway: true })];
  const linesOf = (script: string, chain: string) => {
    const [, body] = new RegExp(`chain ${chain} \\{\\n([^}]*(?:\\{[^}]*\\}[^}]*)*?)\\n  \\}`).exec(script)!;
    return body.split('\n').map((line) => line.trim());
  };

  test('of a task lets its groups through, what belongs to a connection, and drops everything else', () => {
    const script = new PacketFilter([...shared9, at('10.9.20.1', 'Service')], network).task('10.9.20.1');
    expect(linesOf(script, 'input')).toEqual([
      'type filter hook input priority 0; policy drop;',
      'ct state established,related accept',
      'iif lo accept',
      'ip saddr 10.9.0.2 accept',
      'ip saddr { 10.9.10.1 } meta l4proto tcp ct original proto-dst 8080 accept',
    ]);
    expect(linesOf(script, 'output')).toEqual([
      'type filter hook output priority 0; policy drop;',
      'ct state established,related accept',
      'oif lo accept',
      'ip daddr 10.9.0.2 accept',
      'ip daddr { 10.9.10.1, 10.9.20.1, 10.9.40.1 } meta l4proto tcp ct original proto-dst 443 accept',
      'ip daddr != 10.9.0.0/16 ip daddr 0.0.0.0/0 meta l4proto tcp ct original proto-dst 443 accept',
      'ip daddr { 10.9.40.1 } meta l4proto tcp ct original proto-dst 6379 accept',
      'ip daddr != 10.9.0.0/16 ip daddr 192.0.2.0/24 icmp type 8 accept',
      'ip daddr != 10.9.0.0/16 ip daddr 192.0.2.0/24 meta l4proto udp accept',
      'ip daddr != 10.9.0.0/16 ip daddr 192.0.2.0/24 meta l4proto 50 accept',
      'ip daddr 10.9.50.2 tcp dport 4566 accept',
    ]);
    expect(script).toMatch(/^table inet security_groups\ndelete table inet security_groups\ntable/);
  });

  test('of the gateway judges what comes to load balancers and stores, and what these send', () => {
    const script = new PacketFilter([...shared9, at('10.9.20.1', 'Service')], network).gateway();
    expect(linesOf(script, 'input').slice(2)).toEqual([
      'ip saddr 10.9.10.1 ip daddr 10.9.10.1 accept',
      'ip saddr 10.9.40.1 ip daddr 10.9.40.1 accept',
      'ip daddr 10.9.10.1 ip saddr { 10.9.10.1, 10.9.20.1, 10.9.40.1 } meta l4proto tcp ct original proto-dst 80 accept',
      'ip daddr 10.9.40.1 ip saddr { 10.9.20.1 } meta l4proto tcp ct original proto-dst 6379 accept',
      'ip daddr { 10.9.10.1, 10.9.40.1 } drop',
    ]);
    expect(linesOf(script, 'output').slice(4)).toEqual([
      'ip saddr 10.9.10.1 ip daddr { 10.9.20.1 } meta l4proto tcp ct original proto-dst 32768-65535 accept',
      'ip saddr 10.9.40.1 ip daddr != 10.9.0.0/16 ip daddr 255.255.255.255/32 icmp type 252 icmp code 86 accept',
      'ip saddr { 10.9.10.1, 10.9.40.1 } drop',
    ]);
  });

  test('of a container behind a host judges at the address of the host; those of one host meet', () => {
    const host = at('10.9.30.1', 'Service', { atGateway: true });
    const behind = at('10.9.60.1', 'Service', { host: '10.9.30.1' });
    const filter = new PacketFilter([...shared9, host, behind], network);
    expect(linesOf(filter.task('10.9.60.1'), 'input').at(-1)).toBe('ip saddr { 10.9.0.2, 10.9.10.1, 10.9.30.1, 10.9.40.1 } accept');
    expect(linesOf(filter.task('10.9.60.1'), 'output').slice(3, 6)).toEqual([
      'ip daddr 10.9.0.2 accept',
      'ip daddr 10.9.30.1 accept',
      'ip daddr { 10.9.10.1, 10.9.30.1, 10.9.40.1 } meta l4proto tcp ct original proto-dst 443 accept',
    ]);
    const gateway = filter.gateway();
    expect(linesOf(gateway, 'input')).toContain('ip daddr 10.9.30.1 ip saddr { 10.9.60.1 } accept');
    expect(linesOf(gateway, 'input')).toContain(
      'ip daddr 10.9.40.1 ip saddr { 10.9.30.1, 10.9.60.1 } meta l4proto tcp ct original proto-dst 6379 accept',
    );
    expect(linesOf(gateway, 'output')).toContain('ip saddr { 10.9.10.1, 10.9.30.1, 10.9.40.1 } ip daddr { 10.9.60.1 } accept');
  });

  test.each([
    ['no way out', [NOBODY], false],
    ['a prefix list of AWS', [tcp(443, { DestinationPrefixListId: 'pl-s3' })], true],
    ['HTTPS to everybody', [tcp(443, { CidrIp: '0.0.0.0/0' })], true],
    ['HTTP to everybody', [tcp(80, { CidrIp: '0.0.0.0/0' })], false],
  ])('lets a task with %s call the services of AWS: %j, %s', (_what, egress, expected) => {
    const own = new NetworkInterfaces(
      resolverOf({ Subnet: subnet('10.0.1.0/24'), Group: closed([], egress as Json[]), It: service([idOf('Group')]) }),
    ).of('Main/It');
    const script = new PacketFilter([{ address: '10.9.20.1', interface: own }], network).task('10.9.20.1');
    expect(script.includes('ip daddr 10.9.50.2 tcp dport 4566 accept')).toBe(expected);
  });

  test('of a host has the groups of all that run on it', () => {
    const both: NetworkInterface[] = [interfaces.of('Main/Service'), interfaces.of('Main/Cache')];
    const stations = both.map((each) => ({ address: '10.9.30.1', interface: each, atGateway: true }));
    expect(new PacketFilter([...shared9, ...stations], network).gateway()).toContain(
      'ip daddr 10.9.30.1 ip saddr { 10.9.10.1 } meta l4proto tcp ct original proto-dst 8080',
    );
  });
});
