import { RemovalPolicy } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { InstanceClass, InstanceSize, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as lib from 'cdk-ecs-mesh';
import { Scene } from './scene';
import { Spec, made, name, oneOf, sample, text } from './values';

/** A construct of the library, with what it may be given. */
export interface Root {
  readonly props: Spec;
  readonly build: (scene: Scene, props: never) => unknown;
}

export const removal = oneOf(RemovalPolicy.RETAIN, RemovalPolicy.DESTROY);
export const bool = oneOf(true, false);
export const domain = () => text('a.example.com', 'nidhin.local');
export const word = name;
export const instance = oneOf(
  InstanceType.of(InstanceClass.M7G, InstanceSize.LARGE),
  InstanceType.of(InstanceClass.M6I, InstanceSize.XLARGE),
);
export const bucket = made(sample('bucket', (s) => s.once('bucket', () => Bucket.fromBucketName(s.stack, 'GivenBucket', 'given'))));
export const policy = oneOf(...Object.values(lib.MaxMemoryPolicy));
export const certificate = made(
  sample('certificate', (s) =>
    s.once('certificate', () =>
      Certificate.fromCertificateArn(s.stack, 'GivenCertificate', 'arn:aws:acm:eu-west-1:111111111111:certificate/0'),
    ),
  ),
);
export const zone = made(
  sample('zone', (s) =>
    s.once('zone', () =>
      HostedZone.fromHostedZoneAttributes(s.stack, 'GivenZone', { hostedZoneId: 'Z1', zoneName: 'example.com' }),
    ),
  ),
);
