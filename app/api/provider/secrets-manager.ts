type Sdk = Pick<typeof import('@aws-sdk/client-secrets-manager'), 'SecretsManagerClient' | 'GetSecretValueCommand'>;

const TIMEOUT_MS = 3000;

/**
 * Reads one secret through the task role. `field` picks a field of a JSON secret; without it the whole string is the key. The SDK
 * is loaded on first use: most runs use the embedded data and never need it.
 */
export function secretReader(
  secretId: string,
  field: string | undefined,
  loadSdk: () => Promise<Sdk> = async () => import('@aws-sdk/client-secrets-manager'),
): () => Promise<string> {
  return async () => {
    const { SecretsManagerClient, GetSecretValueCommand } = await loadSdk();
    const client = new SecretsManagerClient({ maxAttempts: 2, region: regionOf(secretId) });
    try {
      const command = new GetSecretValueCommand({ SecretId: secretId });
      const { SecretString } = await client.send(command, { abortSignal: AbortSignal.timeout(TIMEOUT_MS) });
      return pick(SecretString ?? '', field);
    } finally {
      client.destroy();
    }
  };
}

/** On EC2, agents before April 2026 tell a task no region; an ARN has the one of the secret, which need not be the task's. */
function regionOf(secretId: string): string | undefined {
  return /^arn:[^:]+:secretsmanager:([^:]+):/.exec(secretId)?.[1];
}

function pick(secret: string, field: string | undefined): string {
  const value: unknown = field ? parse(secret)[field] : secret;
  if (typeof value !== 'string' || value.trim() === '') {
    throw new Error(field ? `the secret has no text in its field ${JSON.stringify(field)}` : 'the secret is empty');
  }
  return value.trim();
}

function parse(secret: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(secret);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    throw new Error('the secret must be a JSON object because SECRET_KEY names a field'); // JSON.parse would quote the secret
  }
}
