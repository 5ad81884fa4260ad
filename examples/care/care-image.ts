import { join } from 'path';
import { Annotations, Duration, IgnoreMode, Stack } from 'aws-cdk-lib';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

const OFFICIAL = 'ghcr.io/ohcnetwork/care';
const MOVING = 'production-latest';

/**
 * How CARE, or the small app in its place, is started and what it reads from its environment; README.md names the lines of CARE that say so.
 */
export abstract class CareImage {
  public static readonly WEB = ['gunicorn', 'config.wsgi:application', '--bind=0.0.0.0:9000', '--workers=2', '--access-logfile=-'];

  /** Each process works on 6 tasks, as CARE's own script has it: memory that a report took is given back. */
  public static readonly WORKER = [
    'celery',
    '--app=config.celery_app',
    'worker',
    '--loglevel=info',
    '--concurrency=2',
    '--max-tasks-per-child=6',
  ];

  /**
   * A worker may run and hear nothing, after Redis was away. The check starts in the environment of the task, without the URLs that the entry
   * point composes.
   */
  public static readonly WORKER_ANSWERS: ecs.HealthCheck = {
    command: [
      'CMD-SHELL',
      'python /opt/care/entrypoint.py celery --app=config.celery_app inspect ping --timeout=10 --destination="celery@$(hostname)"',
    ],
    interval: Duration.minutes(1),
    timeout: Duration.seconds(30),
    startPeriod: Duration.minutes(3),
  };

  /** Roles and value sets are brought up to date under a lock in Redis, which a job does not reach. */
  public static readonly BEAT = [
    'sh',
    '-c',
    [
      'python manage.py sync_permissions_roles',
      'python manage.py sync_valueset',
      'exec celery --app=config.celery_app beat --loglevel=info --schedule=$HOME/celerybeat-schedule',
    ].join(' && '),
  ];

  public static readonly MIGRATE = ['python', '/opt/care/signing_keys.py', 'python', 'manage.py', 'migrate', '--noinput'];

  /**
   * The app in `app/`, or CARE itself where a repository or a version of it is named. Both are built while CDK deploys and are started with the
   * same commands and variables: another version is another image.
   */
  public static build(scope: Construct, repository?: string, version?: string): ecs.ContainerImage {
    if (repository === undefined && version === undefined) return CareImage.small();
    const tag = version ?? MOVING;
    if (tag === MOVING) {
      const warning = `-c careVersion=... names no release of CARE: ${MOVING} is built once, and what it becomes later is not noticed`;
      Annotations.of(scope).addWarningV2('care:careVersion', warning);
    }
    return ecs.ContainerImage.fromAsset(join(__dirname, 'image'), {
      platform: Platform.LINUX_AMD64,
      buildArgs: { CARE: `${repository ?? OFFICIAL}:${tag}` },
    });
  }

  /** Everything but the secrets, and the URLs that `image/entrypoint.py` composes. */
  public static variables(uploads: s3.IBucket, frontend: string): Record<string, string> {
    const { region } = Stack.of(uploads);
    return {
      DJANGO_SETTINGS_MODULE: 'config.settings.production',
      // The load balancer redirects. Its health checks have no `X-Forwarded-Proto`, so CARE would answer them with a redirect.
      DJANGO_SECURE_SSL_REDIRECT: 'False',
      // Health checks name an address. With a zone, others come by the name in the rule of the load balancer, or not at all.
      DJANGO_ALLOWED_HOSTS: JSON.stringify(['*']),
      CORS_ALLOWED_ORIGINS: JSON.stringify([frontend]),
      CSRF_TRUSTED_ORIGINS: JSON.stringify([frontend]),
      CURRENT_DOMAIN: frontend,
      // The task role signs. Every other provider signs with BUCKET_KEY, be it empty.
      BUCKET_PROVIDER: 'aws_role_based',
      BUCKET_REGION: region,
      FILE_UPLOAD_BUCKET: uploads.bucketName,
      FACILITY_S3_BUCKET: uploads.bucketName,
      SNS_ROLE_BASED_MODE: 'True',
      SNS_REGION: region,
      AUDIT_LOG_ENABLED: 'True',
      // The user of the image has no home, and the fonts of printed reports are cached there.
      HOME: '/tmp',
    };
  }

  /** `image/` has what both apps need on ECS, so the folder above is the context. */
  private static small(): ecs.ContainerImage {
    return ecs.ContainerImage.fromAsset(__dirname, {
      file: 'app/Dockerfile',
      platform: Platform.LINUX_AMD64,
      ignoreMode: IgnoreMode.DOCKER,
      exclude: ['*', '!app', '!image', 'app/tests', '**/__pycache__'],
    });
  }
}
