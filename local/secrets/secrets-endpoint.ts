import * as http from 'node:http';
import { SecretValues } from './secret-values';

/** Secrets Manager's GetSecretValue, in its own protocol (AWS JSON 1.1). Every other action is refused by name. */
export function secretsEndpoint(values: SecretValues): http.RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = (status: number, body: object) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
      };
      const action = String(request.headers['x-amz-target'] ?? '').replace('secretsmanager.', '');
      if (action !== 'GetSecretValue') {
        return answer(400, { __type: 'InvalidRequestException', message: `the local stub has no action ${action || '(none)'}` });
      }
      const id = secretIdOf(Buffer.concat(chunks).toString('utf8'));
      const secret = id === undefined ? undefined : values.find(id);
      if (!secret) {
        return answer(400, { __type: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret." });
      }
      return answer(200, {
        ARN: secret.arn,
        Name: secret.name,
        SecretString: secret.value,
        VersionId: '00000000-0000-4000-8000-000000000001',
        VersionStages: ['AWSCURRENT'],
        CreatedDate: 1700000000,
      });
    });
  };
}

function secretIdOf(body: string): string | undefined {
  try {
    return String((JSON.parse(body) as { SecretId?: unknown }).SecretId);
  } catch {
    return undefined;
  }
}
