import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { IPeer, Peer } from 'aws-cdk-lib/aws-ec2';
import { CloudFrontPrefixList, DualAlbGateway, ExternalSide, MeshNetwork, Waf, WafClientAddress } from 'cdk-ecs-mesh';
import { ENV, newStack, newVpc } from './fixtures';

const LIST = CloudFrontPrefixList.fromPrefixListId('pl-4fa04526');

describe('PR-56: a WAF that sees the edges of CloudFront', () => {
  const warningsOf = (waf: Waf | undefined, { isOrigin = true, peers = [LIST] as IPeer[] } = {}) => {
    const stack = newStack();
    const gateway = new DualAlbGateway(stack, 'Gateway', {
      network: MeshNetwork.fromVpc(newVpc(stack)),
      external: ExternalSide.http({ peers, waf }),
    });
    if (isOrigin) new Distribution(stack, 'Cdn', { defaultBehavior: { origin: gateway.external.cloudFrontOrigin() } });
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('WafSeesEdges'))
      .map(({ entry }) => entry.data);
  };
  const text =
    'The WAF of S/Gateway/External sees the addresses of CloudFront: all users behind one edge share its rate limit, and countries and lists judge the edge. Give the ' +
    'distribution a web ACL, and the side `Waf.none()`; or let a CloudFront function set a header from `event.viewer.ip`, and name it in ' +
    '`clientAddress: WafClientAddress.forwarded(...)` of `Waf.managedRules`. [ack: cdk-ecs-mesh:WafSeesEdges]';
  const anyone = [Peer.anyIpv4()];

  test('is warned of', () => {
    expect(warningsOf(undefined)).toEqual([text]);
    expect(warningsOf(Waf.managedRules(), { peers: anyone })).toEqual([text]);
    expect(warningsOf(Waf.managedRules(), { isOrigin: false })).toEqual([text]);
  });

  test.each<[string, Waf, object]>([
    ['with a header of the client', Waf.managedRules({ clientAddress: WafClientAddress.forwarded('X-Viewer') }), {}],
    ['of others', Waf.fromArn(`arn:aws:wafv2:${ENV.region}:111111111111:regional/webacl/a/b`), {}],
    ['that is none', Waf.none(), {}],
    ['before no distribution', Waf.managedRules(), { isOrigin: false, peers: anyone }],
  ])('%s is no finding', (_, waf, given) => expect(warningsOf(waf, given)).toEqual([]));
});
