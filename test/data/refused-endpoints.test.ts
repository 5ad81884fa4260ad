import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Endpoint, MeshService } from 'cdk-ecs-mesh';
import { newMesh, newService, newStack } from '../helpers';

function client(): MeshService {
  return newService(newMesh(newStack()), 'Api');
}

test.each(['', 'a*', 'b?', '${aws:username}/', 'c\n', 'x'.repeat(1025)])('the key prefix %j is refused', (keyPrefix) => {
  const api = client();
  const endpoint = Endpoint.bucket(new Bucket(api, 'Uploads'), { keyPrefix });
  expect(() => api.connectTo(endpoint)).toThrow(
    `\`keyPrefix\` must be 1 to 1024 characters without wildcards, variables and control characters, got ${JSON.stringify(keyPrefix)}; write it like "uploads/", or leave it out for the whole bucket [BadKeyPrefix at Shop/Api]`,
  );
});

test('a key prefix of 1024 characters is taken', () => {
  const api = client();
  const endpoint = Endpoint.bucket(new Bucket(api, 'Uploads'), { keyPrefix: 'x'.repeat(1024) });
  expect(() => api.connectTo(endpoint)).not.toThrow();
});

test('an empty field of a secret is refused', () => {
  const api = client();
  expect(() => api.connectTo(Endpoint.secret(new Secret(api, 'Key'), { field: '' }))).toThrow(
    '`field` must specify a field of the JSON secret, got ""; leave it out for the whole secret [EmptySecretField at Shop/Api]',
  );
});
