import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { arrange, attributes, newCertificate, newStack, render } from './fixtures';
import { AccessLogs } from '../../src/gateway/access-logs';
import { DualAlbGateway } from '../../src/gateway/dual-alb-gateway';
import { Waf } from '../../src/gateway/waf';

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
      LogGroupName: 'aws-waf-logs-S-Gateway-External-Waf-29740029',
      RetentionInDays: 30,
    });
    template.hasResourceProperties('AWS::WAFv2::LoggingConfiguration', {
      LoggingFilter: Match.objectLike({ DefaultBehavior: 'DROP' }),
      RedactedFields: [{ SingleHeader: { Name: 'authorization' } }, { SingleHeader: { Name: 'cookie' } }],
    });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { Ref: 'GatewayExternalLoadBalancer727E41C9' },
    });
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  });

  test('counted rules count in the common rule set', () => {
    const template = render({ waf: Waf.managedRules({ countedRules: ['SizeRestrictions_BODY'] }) });
    const [webAcl] = Object.values(template.findResources('AWS::WAFv2::WebACL'));
    expect(webAcl.Properties.Rules[2].Statement.ManagedRuleGroupStatement.RuleActionOverrides).toEqual([
      { Name: 'SizeRestrictions_BODY', ActionToUse: { Count: {} } },
    ]);
  });

  test('one that exists', () => {
    const arn = 'arn:aws:wafv2:eu-west-1:111111111111:regional/webacl/mine/0';
    const template = render({ waf: Waf.fromArn(arn) });
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: arn });
  });

  test('none', () => {
    const template = render({ waf: Waf.none() });
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 0);
  });

  test('two gateways of one app have logs of different names', () => {
    const stack = newStack();
    const first = arrange({}, stack);
    const second = new DualAlbGateway(stack, 'Second', { vpc: first.vpc, certificate: newCertificate(new Stack(stack, 'N')) });
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
      DeletionPolicy: 'Retain',
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
