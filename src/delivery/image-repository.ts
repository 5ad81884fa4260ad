import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { CfnRepository, Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct, IConstruct } from 'constructs';
import { PlaceholderImage } from './placeholder-image';
import { DeployedImage } from './private/deployed-image';
import { Compliance } from '../core/compliance';
import { validationError, requireInteger, warn } from '../core/private/errors';
import { acceptProps, guard } from '../core/private/guard';
import { requireKeyRegion } from '../core/private/key-region';
import { claimInAccount } from '../core/private/name-registry';
import { keptUnlessDisposable } from '../core/private/removal';
import { requireResolved } from '../core/private/resolved';

/** Properties for an image repository. */
export interface ImageRepositoryProps {
  /**
   * The name of the repository: 2 to 256 lowercase letters, digits and inner `.`, `_`, `-`, `/`.
   *
   * @default - a name that CloudFormation generates
   */
  readonly repositoryName?: string;

  /**
   * The number of tagged images to keep, 2 to 1000. Older images are deleted within a day, even if they are in use, so keep more than you
   * may need for a rollback.
   *
   * @default 10
   */
  readonly keptImages?: number;

  /**
   * The age at which untagged images are deleted, in whole days.
   *
   * @default Duration.days(1); with `TagMutability.MUTABLE`, Duration.days(90), because ECS keeps starting tasks of an image whose tag has
   * moved on until the next deployment
   */
  readonly untaggedExpiration?: Duration;

  /**
   * The KMS key for the image layers. Changing it replaces the repository.
   *
   * @default - AES-256 with keys that Amazon S3 manages; the compliance key with `Compliance.strict()`
   */
  readonly encryptionKey?: IKey;

  /**
   * Specifies whether a tag can be moved to another image. The image of a service should not change without a deployment.
   *
   * @default TagMutability.IMMUTABLE
   */
  readonly tagMutability?: TagMutability;

  /**
   * The removal policy. With DESTROY, for development, the repository is emptied and deleted with the stack. With any other policy, it is
   * retained when the stack is updated or deleted, and deleted only if the deployment that created it is rolled back.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Options for the image that a container runs. */
export interface DeployedImageOptions {
  /**
   * The name of the stack parameter for the tag: letters and digits. A new name creates a new parameter, which starts with the placeholder.
   *
   * @default - the letters and digits of the repository's construct ID, and `Tag`, such as `ApiImagesTag`
   */
  readonly tagParameter?: string;

  /**
   * The placeholder that runs until the first image is deployed.
   *
   * @default PlaceholderImage.python()
   */
  readonly placeholder?: PlaceholderImage;
}

/**
 * An Amazon ECR repository of container images, and the image in it that is deployed.
 *
 * Creates the repository: scanned on push, encrypted, with immutable tags. The last 10 tagged images are kept, and untagged images are
 * deleted after a day. (If the account uses enhanced scanning, Amazon Inspector scans on its own schedule and the setting here has no
 * effect.)
 *
 * `image()` makes the tag a parameter of the service's stack. The first deployment needs no image, because a placeholder runs. A release
 * sets the parameter; every other deployment keeps its value, because the CDK CLI passes the previous one. If a release fails,
 * CloudFormation rolls back the service and the parameter together. See
 * https://github.com/cdk-ecs-mesh/cdk-ecs-mesh/blob/main/docs/delivery.md for the workflow.
 *
 * Cost: 0.10 USD per GB and month of layers (us-east-1 list price, November 2026); pulls in the same Region and basic scans are free.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html
 *
 * @example
 * declare const mesh: ServiceConnectMesh;
 *
 * const images = new ImageRepository(this, 'ApiImages');
 * new MeshService(this, 'Api', {
 *   mesh,
 *   containers: [{ image: images.image(), ports: [{ name: 'http', containerPort: 8080 }] }],
 * });
 */
export class ImageRepository extends Construct {
  /** Identifies this class for property injectors. */
  public static readonly PROPERTY_INJECTION_ID: string = 'cdk-ecs-mesh.delivery.ImageRepository';

  /** The ECR repository. */
  public readonly repository: Repository;

  private readonly keptImages: number;

  constructor(scope: Construct, id: string, props: ImageRepositoryProps = {}) {
    props = acceptProps({ ImageRepository }, new.target, scope, id, props);
    super(scope, id);
    this.keptImages = props.keptImages ?? 10;
    const isMutable = props.tagMutability === TagMutability.MUTABLE;
    const untagged = props.untaggedExpiration ?? Duration.days(isMutable ? MOVED_TAG_DAYS : 1);
    this.validate(untagged);
    if (isMutable) warnOfMovedTags(this, untagged);
    this.repository = this.createRepository(props, untagged);
  }

  /** The URI of the repository without a tag, as `docker push` expects it. */
  public get repositoryUri(): string {
    return this.repository.repositoryUri;
  }

  /**
   * Returns the deployed image: its tag is a parameter of the stack of the container that runs it.
   *
   * @param options name of the parameter, and the placeholder that runs before there is an image
   */
  public image(options: DeployedImageOptions = {}): ContainerImage {
    const tagParameter = options.tagParameter ?? `${this.node.id.replace(/[^A-Za-z0-9]/g, '')}Tag`;
    if (!/^[A-Za-z0-9]{1,255}$/.test(tagParameter)) {
      throw validationError(this, 'TagParameterName', {
        prop: 'tagParameter',
        must: 'be 1 to 255 letters and digits, the name of a CloudFormation parameter',
        got: tagParameter,
        fix: 'choose a name such as "ApiTag"',
      });
    }
    const { _image: image, _run: run } = options.placeholder ?? PlaceholderImage.python();
    return new DeployedImage({ repository: this.repository, tagParameter, placeholder: image ? { image, run } : undefined });
  }

  private createRepository(props: ImageRepositoryProps, untagged: Duration): Repository {
    const removalPolicy = keptUnlessDisposable(props.removalPolicy ?? RemovalPolicy.RETAIN);
    const { repositoryName: name } = props;
    requireRepositoryName(this, name);
    if (name !== undefined) claimInAccount({ kind: 'repository', name, owner: this, prop: 'repositoryName' });
    requireKeyRegion(this, 'encryptionKey', props.encryptionKey);
    const encryptionKey = props.encryptionKey ?? Compliance.of(this).encryptionKey(this);
    const repository = new Repository(this, 'Resource', {
      repositoryName: props.repositoryName,
      imageScanOnPush: true,
      imageTagMutability: props.tagMutability ?? TagMutability.IMMUTABLE,
      encryption: encryptionKey ? RepositoryEncryption.KMS : RepositoryEncryption.AES_256,
      encryptionKey,
      lifecycleRules: [
        { rulePriority: 1, description: 'Untagged images', tagStatus: TagStatus.UNTAGGED, maxImageAge: untagged },
        // Only tagged ones count: an image for several platforms is one with a tag and several without.
        {
          rulePriority: 2,
          description: `All but the last ${this.keptImages}`,
          tagStatus: TagStatus.TAGGED,
          tagPatternList: ['*'],
          maxImageCount: this.keptImages,
        },
      ],
      removalPolicy,
      emptyOnDelete: removalPolicy === RemovalPolicy.DESTROY,
    });
    // The L2 leaves the default out of the template.
    const resource = repository.node.defaultChild as CfnRepository;
    resource.encryptionConfiguration ??= { encryptionType: RepositoryEncryption.AES_256.value };
    return repository;
  }

  private validate(untagged: Duration): void {
    requireResolved(this, 'keptImages', this.keptImages);
    requireInteger(this, 'KeptImages', 'keptImages', this.keptImages, 2, 1000);
    requireResolved(this, 'untaggedExpiration', untagged);
    const days = untagged.toMilliseconds() / 86_400_000;
    if (Number.isInteger(days) && days >= 1) return;
    throw validationError(this, 'UntaggedExpiration', {
      prop: 'untaggedExpiration',
      must: 'be whole days, at least one',
      got: `${days} days`,
      fix: 'choose for example `Duration.days(1)`',
    });
  }
}

guard({ ImageRepository });

/** Longer than most teams leave a service without a deployment. */
const MOVED_TAG_DAYS = 90;

/** Checks the naming rule of ECR, which allows paths. */
function requireRepositoryName(scope: Construct, name?: string): void {
  if (name === undefined || Token.isUnresolved(name)) return;
  const isName = /^[a-z](?:[a-z0-9]|[._-][a-z0-9]|__[a-z0-9])*(?:\/[a-z0-9](?:[a-z0-9]|[._-][a-z0-9]|__[a-z0-9])*)*$/.test(name);
  if (isName && name.length >= 2 && name.length <= 256) return;
  throw validationError(scope, 'RepositoryName', {
    prop: 'repositoryName',
    must: 'be 2 to 256 lowercase letters and digits, with single dots, hyphens, underscores or slashes between them, starting with a letter',
    got: name,
    fix: 'write it like "shop/api"',
  });
}

/**
 * Since 2024, ECS resolves a tag once per deployment, and starts later tasks by the digest:
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-type-ecs.html
 */
function warnOfMovedTags(scope: IConstruct, untagged: Duration): void {
  warn(
    scope,
    'MovedTags',
    `\`tagMutability\` is MUTABLE: a push of the same tag leaves the image that runs without a tag, and ECR deletes it after ${untagged.toDays()} days. A service that was not deployed again by then cannot start tasks. Use immutable tags, or deploy more often than that.`,
  );
}
