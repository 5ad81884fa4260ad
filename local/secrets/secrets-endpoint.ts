import * as http from 'node:http';
import { SecretValues } from './secret-values';

/** Secrets Manager's GetSecretValue and PutSecretValue, in its own protocol (AWS JSON 1.1). Every other action is refused by name. */
export function secretsEndpoint(values: SecretValues): http.RequestListener {
  return (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const answer = (status: number, body: object) => {
        response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
      };
      const action = String(request.headers['x-amz-target'] ?? '').replace('secretsmanager.', '');
      if (action !== 'GetSecretValue' && action !== 'PutSecretValue') {
        return answer(400, { __type: 'InvalidRequestException', message: `the local stub has no action ${action || '(none)'}` });
      }
      const input = inputOf(Buffer.concat(chunks).toString('utf8'));
      const secret = input.SecretId === undefined ? undefined : values.find(input.SecretId);
      if (!secret) {
        return answer(400, { __type: 'ResourceNotFoundException', message: "Secrets Manager can't find the specified secret." });
      }
      const stage = input.VersionStage ?? 'AWSCURRENT';
      const version = { ARN: secret.arn, Name: secret.name, VersionId: VERSION, VersionStages: [stage] };
      if (action === 'PutSecretValue') {
        values.replace(secret.arn, input.SecretString ?? '');
        return answer(200, version);
      }
      const SecretString = values.versionOf(secret, stage);
      if (SecretString === undefined) {
        const message = `Secrets Manager can't find the specified secret value for staging label: ${stage}`;
        return answer(400, { __type: 'ResourceNotFoundException', message });
      }
      return answer(200, { ...version, SecretString, CreatedDate: 1700000000 });
    });
  };
}

const VERSION = '00000000-0000-4000-8000-000000000001';

interface Input {
  readonly SecretId?: string;
  readonly SecretString?: string;
  readonly VersionStage?: string;
}

function inputOf(body: string): Input {
  try {
    return JSON.parse(body) as Input;
  } catch {
    return {};
  }
}
