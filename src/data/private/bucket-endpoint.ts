import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ConnectOptions, EndpointAcknowledgement, EndpointBinding, IEndpoint, IEndpointClient } from '../../core/endpoint';
import { acknowledgement, inFinding } from '../../core/private/acknowledge';
import { validationError } from '../../core/private/errors';
import { refuseForeignValues } from '../../core/private/foreign-references';
import { keyStatements } from '../../core/private/key-statement';
import { variablePrefix } from '../../core/private/names';
import { isUnknown } from '../../core/private/unknown';
import { ComponentKind } from '../../core/topology-record';
import { BucketAccess, BucketEndpointOptions } from '../bucket-endpoint-options';

const OBJECT_ACTIONS: Record<BucketAccess, string[]> = {
  [BucketAccess.READ]: ['s3:GetObject'],
  [BucketAccess.WRITE]: ['s3:PutObject', 's3:AbortMultipartUpload'],
  [BucketAccess.READ_WRITE]: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload'],
};

/** A bucket as an endpoint; see `Endpoint.bucket`. */
export class BucketEndpoint implements IEndpoint {
  private readonly access: BucketAccess;
  private readonly keyPrefix: string;

  constructor(
    private readonly bucket: IBucket,
    private readonly options: BucketEndpointOptions,
  ) {
    this.access = options.access ?? BucketAccess.READ;
    this.keyPrefix = options.keyPrefix ?? '';
  }

  public bindEndpoint(client: IEndpointClient, options: ConnectOptions): EndpointBinding {
    this.requirePrefix(client);
    const prefix = options.as ?? variablePrefix(this.bucket.node.id);
    const server = this.bucket.node.path;
    return {
      facts: { server, protocol: 'https' },
      components: [{ id: server, kind: ComponentKind.AWS_API, label: 'S3', details: [this.bucket.node.id, this.access] }],
      environment: { [`${prefix}_BUCKET`]: this.bucket.bucketName, [`${prefix}_REGION`]: this.bucket.env.region },
      policyStatements: this.statements(),
      acknowledgements: [this.acknowledgedObjects(client)],
    };
  }

  /** Rejects wildcards, which would widen the policy. An empty prefix is no prefix. */
  private requirePrefix(client: IEndpointClient): void {
    const given = this.options.keyPrefix;
    if (given === undefined || isUnknown(given)) return;
    if (/^[\x20-\x7e\u00a0-\uffff]{1,1024}$/.test(given) && !/[*?$]/.test(given)) return;
    throw validationError(client, 'BadKeyPrefix', {
      prop: 'keyPrefix',
      must: 'be 1 to 1024 characters without wildcards, variables and control characters',
      got: given,
      fix: 'write it like "uploads/", or leave it out for the whole bucket',
    });
  }

  private statements(): PolicyStatement[] {
    const list = new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] });
    if (this.keyPrefix) list.addCondition('StringLike', { 's3:prefix': `${this.keyPrefix}*` });
    const objects = new PolicyStatement({ actions: OBJECT_ACTIONS[this.access], resources: [this.objects()] });
    const { bucket: resource, access } = this;
    const actions = access === BucketAccess.READ ? ['kms:Decrypt'] : ['kms:Decrypt', 'kms:GenerateDataKey'];
    return [list, objects, ...keyStatements({ key: resource.encryptionKey, resource, service: 's3', actions })];
  }

  private objects(): string {
    return this.bucket.arnForObjects(`${this.keyPrefix}*`);
  }

  /**
   * Returns the acknowledged finding about the objects. Their names are created at run time, so a policy can specify them only by prefix.
   */
  private acknowledgedObjects(client: IEndpointClient): EndpointAcknowledgement {
    refuseForeignValues(client, [this.objects()]);
    return acknowledgement(
      `AwsSolutions-IAM5[Resource::${inFinding(client, this.objects())}]`,
      'The keys of objects are created at run time; the policy is limited to their bucket and prefix.',
    );
  }
}
