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
  /** The same in an app that uses all of it: routes, clients, stores. What is planted is built so. */
  readonly wire?: (scene: Scene, props: never) => unknown;
}

export const removal = oneOf(RemovalPolicy.RETAIN, RemovalPolicy.DESTROY);
export const bool = oneOf(true, false);
export const domain = () => text('a.example.com', 'nidhin.local');
export const word = name;
export const instance = oneOf(
  InstanceType.of(InstanceClass.M7G, InstanceSize.LARGE),
  InstanceType.of(InstanceClass.M6I, InstanceSize.XLARGE),
);
export const bucket = made(
  sample('bucket', (s) => s.once('bucket', () => Bucket.fromBucketName(s.stack, 'GivenBucket', 'given'))),
  sample('another bucket', (s) => s.once('another bucket', () => Bucket.fromBucketName(s.stack, 'OtherBucket', 'other'))),
);
export const policy = oneOf(...Object.values(lib.MaxMemoryPolicy));
const certificateOf = (id: number) =>
  sample(`certificate ${id}`, (s) =>
    s.once(`certificate ${id}`, () => {
      const arn = `arn:aws:acm:eu-west-1:111111111111:certificate/${id}`;
      return Certificate.fromCertificateArn(s.stack, `GivenCertificate${id}`, arn);
    }),
  );
export const certificate = made(certificateOf(0), certificateOf(1));
const zoneOf = (hostedZoneId: string) =>
  sample(`zone ${hostedZoneId}`, (s) =>
    s.once(`zone ${hostedZoneId}`, () =>
      HostedZone.fromHostedZoneAttributes(s.stack, `GivenZone${hostedZoneId}`, { hostedZoneId, zoneName: 'example.com' }),
    ),
  );
export const zone = made(zoneOf('Z1'), zoneOf('Z2'));
