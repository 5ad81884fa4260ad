import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { arrange, attributes, newCertificate, newStack, render } from './fixtures';
import { Compliance } from '../../src/core/compliance';
import { AccessLogs } from '../../src/gateway/access-logs';
import { DualAlbGateway } from '../../src/gateway/dual-alb-gateway';
import { ExternalSide } from '../../src/gateway/external-side';
import { SideCertificate } from '../../src/gateway/side-certificate';
import { Waf } from '../../src/gateway/waf';
import { ManagedRulesOptions } from '../../src/gateway/waf-options';
import { MeshNetwork } from '../../src/mesh/mesh-network';

/** Names of the rules that count in the common rule set of each side, where requirements are strict. */
function counted(options: ManagedRulesOptions = {}): Record<string, string[]> {
  const stack = newStack();
  Compliance.strict().applyTo(stack.node.root);
  const side = { waf: Waf.managedRules(options) };
  const template = render({ external: side, internal: side }, stack);
  const webAcls = Object.entries(template.findResources('AWS::WAFv2::WebACL'));
  return Object.fromEntries(
    webAcls.map(([id, { Properties }]) => {
      const rule = Properties.Rules.find(({ Name }: { Name: string }) => Name === 'AWSManagedRulesCommonRuleSet');
      const overrides: { Name: string; ActionToUse: object }[] = rule.Statement.ManagedRuleGroupStatement.RuleActionOverrides ?? [];
      expect(overrides.filter(({ ActionToUse }) => JSON.stringify(ActionToUse) !== '{"Count":{}}')).toEqual([]);
      return [/External|Internal/.exec(id)![0], overrides.map(({ Name }) => Name)];
    }),
  );
}

describe('web application firewall', () => {
  test('the default: rate limit and three managed groups, logging what matched', () => {
    const template = render();
    const [webAcl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    expect(webAcl.Properties).toMatchObject({
      Name: 'S-Gateway-External-Waf-29740029',
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
    });
    expect(webAcl.Properties.Rules.map((rule: { Name: string; Priority: number }) => `${rule.Priority} ${rule.Name}`)).toEqual([
      '0 RateLimit',
      '1 AWSManagedRulesAmazonIpReputationList',
      '2 AWSManagedRulesCommonRuleSet',
      '3 AWSManagedRulesKnownBadInputsRuleSet',
    ]);
    expect(webAcl.Properties.Rules[0].Statement.RateBasedStatement).toEqual({
      AggregateKeyType: 'IP',
      EvaluationWindowSec: 300,
      Limit: 2000,
    });
    expect(webAcl.Properties.Rules[2].Statement.ManagedRuleGroupStatement).not.toHaveProperty('RuleActionOverrides');
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['', ['aws-waf-logs-S-Gateway-External-Waf-29740029-', Match.anyValue()]] },
      RetentionInDays: 30,
    });
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      LoggingFilter: {
        DefaultBehavior: 'DROP',
        Filters: [
          {
            Behavior: 'KEEP',
            Requirement: 'MEETS_ANY',
            Conditions: [{ ActionCondition: { Action: 'BLOCK' } }, { ActionCondition: { Action: 'COUNT' } }],
          },
        ],
      },
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }],
    });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { Ref: 'GatewayExternalLoadBalancer727E41C9' },
    });
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  });

  test('counted rules count in the common rule set', () => {
    const template = render({ external: { waf: Waf.managedRules({ countedRules: ['SizeRestrictions_BODY'] }) } });
    const [webAcl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    expect(webAcl.Properties.Rules[2].Statement.ManagedRuleGroupStatement.RuleActionOverrides).toEqual([
      { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
    ]);
  });

  describe('DT-20: calls between services', () => {
    const BETWEEN = [
      'NoUserAgent_HEADER',
      'SizeRestrictions_BODY',
      'EC2MetaDataSSRF_BODY',
      'EC2MetaDataSSRF_COOKIE',
      'EC2MetaDataSSRF_URIPATH',
      'EC2MetaDataSSRF_QUERYARGUMENTS',
      'GenericRFI_BODY',
      'GenericRFI_URIPATH',
      'GenericRFI_QUERYARGUMENTS',
    ];

    test('DT-20: the internal side counts what services send and browsers do not, the external side blocks it', () => {
      expect(counted()).toEqual({ External: [], Internal: BETWEEN });
    });

    test('DT-20: names of the user are counted on both sides, each once', () => {
      expect(counted({ countedRules: ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY'] })).toEqual({
        External: ['SizeRestrictions_BODY', 'CrossSiteScripting_BODY'],
        Internal: [...BETWEEN, 'CrossSiteScripting_BODY'],
      });
    });

    test('DT-20: the list can be another one, or empty', () => {
      expect(counted({ internalCountedRules: ['NoUserAgent_HEADER'] }).Internal).toEqual(['NoUserAgent_HEADER']);
      expect(counted({ internalCountedRules: [], countedRules: ['GenericLFI_BODY'] }).Internal).toEqual(['GenericLFI_BODY']);
    });
  });

  test('one that exists', () => {
    const arn = 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/mine/0';
    const template = render({ external: { waf: Waf.fromArn(arn) } });
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: arn });
  });

  test('none', () => {
    const template = render({ external: { waf: Waf.none() } });
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
  });

  test('two gateways of one app have logs of different names', () => {
    const stack = newStack();
    const first = arrange({}, stack);
    const second = new DualAlbGateway(stack, 'Second', {
      network: MeshNetwork.fromVpc(first.vpc),
      external: ExternalSide.https({ certificate: SideCertificate.given(newCertificate(new Stack(stack, 'N'))) }),
    });
    expect([first.gateway.external.webAcl, second.external.webAcl].map((webAcl) => webAcl!.name)).toEqual([
      'S-Gateway-External-Waf-29740029',
      expect.not.stringContaining('S-Gateway-'),
    ]);
  });
});

describe('access logs', () => {
  test('the default: one private bucket for both sides, kept when the stack goes', () => {
    const template = render();
    template.resourceCountIs('AWS::S3::Bucket', 1);
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'RetainExceptOnCreate',
      Properties: {
        BucketName: Match.absent(),
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
        LifecycleConfiguration: {
          Rules: [
            {
              Id: 'ExpireLogs',
              Status: 'Enabled',
              ExpirationInDays: 90,
              AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
            },
          ],
        },
      },
    });
  });

  test('a bucket that exists, with a prefix for each side', () => {
    const stack = newStack();
    const template = render({ accessLogs: AccessLogs.bucket(new Bucket(stack, 'Logs'), 'lb/prod') }, stack);
    template.resourceCountIs('AWS::S3::Bucket', 1);
    expect(attributes(template, 'internet-facing')['access_logs.s3.prefix']).toBe('lb/prod/external');
    expect(attributes(template, 'internal')['access_logs.s3.prefix']).toBe('lb/prod/internal');
  });

  test('none: no bucket, no attribute, any region', () => {
    const stack = newStack('S', {});
    const template = render({ accessLogs: AccessLogs.none() }, stack);
    template.resourceCountIs('AWS::S3::Bucket', 0);
    expect(attributes(template, 'internal')).not.toHaveProperty(['access_logs.s3.enabled']);
    expect(arrange({ accessLogs: AccessLogs.none() }).gateway.accessLogBucket).toBeUndefined();
  });

  test('T11: a stack for any region is refused before anything is made', () => {
    const stack = newStack('S', {});
    expect(() => arrange({}, stack)).toThrow(
      new Error(
        '`accessLogs` must be in a stack whose region is known, since it decides who writes the logs, and S has none; ' +
          "set `env: { region: '...' }` on the stack, or `accessLogs: AccessLogs.none()` [AccessLogsRegion at S/Gateway]",
      ),
    );
    Template.fromStack(stack).resourceCountIs('AWS::S3::Bucket', 0);
  });
});
