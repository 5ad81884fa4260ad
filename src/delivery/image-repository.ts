import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import { CfnRepository, Repository, RepositoryEncryption, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { PlaceholderImage } from './placeholder-image';
import { DeployedImage } from './private/deployed-image';
import { Compliance } from '../core/compliance';
import { validationError, requireInteger } from '../core/private/errors';
import { claimInAccount } from '../core/private/name-registry';
import { keptUnlessDisposable } from '../core/private/removal';
import { requireResolved } from '../core/private/resolved';

/** Choices for a repository of images. */
export interface ImageRepositoryProps {
  /**
   * Name in ECR: 2 to 256 small letters, digits and inner `.`, `_`, `-`, `/`.
   *
   * @default - CloudFormation makes one
   */
  readonly repositoryName?: string;

  /**
   * Images with a tag that are kept, 2 to 1000; older ones are deleted within a day, even one that still runs, so keep more than you may have
   * to go back.
   *
   * @default 10
   */
  readonly keptImages?: number;

  /**
   * Age at which images without a tag are deleted, in whole days.
   *
   * @default Duration.days(1)
   */
  readonly untaggedExpiration?: Duration;

  /**
   * KMS key for the layers. A change replaces the repository.
   *
   * @default - AES-256 with keys of Amazon S3; with `Compliance.strict()` its key
   */
  readonly encryptionKey?: IKey;

  /**
   * Whether a tag can be moved to another image. What a service runs should not change without a deployment.
   *
   * @default TagMutability.IMMUTABLE
   */
  readonly tagMutability?: TagMutability;

  /**
   * DESTROY is the development mode: the repository is emptied and deleted with the stack. With any other policy it stays when the stack is
   * updated or deleted, and goes only when the deployment that made it is rolled back.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** Choices for the image that a container runs. */
export interface DeployedImageOptions {
  /**
   * Name of the stack parameter that holds the tag: letters and digits. A new name is a new parameter, which starts with the placeholder.
   *
   * @default - the id of the repository, without what is no letter or digit, and `Tag`, as in `ApiImagesTag`
   */
  readonly tagParameter?: string;

  /**
   * What runs until the first image has been deployed.
   *
   * @default PlaceholderImage.python()
   */
  readonly placeholder?: PlaceholderImage;
}

/**
 * A repository of container images in Amazon ECR, and the image of it that is deployed.
 *
 * Creates the repository: scanned on push, encrypted, tags immutable, the last 10 tagged images kept, untagged ones deleted after a day.
 * (With enhanced scanning, a setting of the account, Amazon Inspector scans on its own terms and the setting here has no effect.)
 *
 * `image()` makes the tag a parameter of the service's stack. The first deployment needs no image: a placeholder runs. A release sets the
 * parameter; every other deployment keeps its value, since the CDK CLI passes the previous one. CloudFormation undoes both together when a
 * release fails. See docs/delivery.md for the workflow.
 *
 * Cost: 0.10 USD per GB and month of layers (us-east-1 list price, November 2026); pulls in the same region are free, basic scans too.
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
  /** The repository in ECR. */
  public readonly repository: Repository;

  /** Images with a tag that are kept. */
  public readonly keptImages: number;

  public constructor(scope: Construct, id: string, props: ImageRepositoryProps = {}) {
    super(scope, id);
    this.keptImages = props.keptImages ?? 10;
    const untagged = props.untaggedExpiration ?? Duration.days(1);
    this.validate(untagged);
    this.repository = this.createRepository(props, untagged);
  }

  /** Address of the repository without tag, as `docker push` takes it. */
  public get repositoryUri(): string {
    return this.repository.repositoryUri;
  }

  /**
   * The image that is deployed: its tag is a parameter of the stack of the container that runs it.
   *
   * @param options name of the parameter, and what runs before there is an image
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
    if (!encryptionKey) {
      (repository.node.defaultChild as CfnRepository).encryptionConfiguration = {
        encryptionType: RepositoryEncryption.AES_256.value,
      };
    }
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

/** ECR's own rule for names, with the paths that it allows. */
function requireRepositoryName(scope: Construct, name?: string): void {
  if (name === undefined || Token.isUnresolved(name)) return;
  const isName = /^[a-z](?:[a-z0-9]|[._-][a-z0-9]|__[a-z0-9])*(?:\/[a-z0-9](?:[a-z0-9]|[._-][a-z0-9]|__[a-z0-9])*)*$/.test(name);
  if (isName && name.length >= 2 && name.length <= 256) return;
  throw validationError(scope, 'RepositoryName', {
    prop: 'repositoryName',
    must: 'be 2 to 256 lower-case letters and digits, with single dots, hyphens, underscores or slashes between them, a letter first',
    got: name,
    fix: 'write it like "shop/api"',
  });
}
