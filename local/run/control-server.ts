import * as http from 'node:http';
import { metadataEndpoint } from '../ecs/metadata-endpoint';
import { Task } from '../ecs/task';
import { SecretValues } from '../secrets/secret-values';
import { secretsEndpoint } from '../secrets/secrets-endpoint';

/** The stand-in for AWS inside the run: Secrets Manager at the root, task metadata below /v4. */
export class ControlServer {
  private readonly server: http.Server;

  constructor(secrets: SecretValues, findTask: (id: string) => Task | undefined) {
    const [secret, metadata] = [secretsEndpoint(secrets), metadataEndpoint(findTask)];
    this.server = http.createServer((request, response) => {
      if (request.url?.startsWith('/v4/')) metadata(request, response);
      else secret(request, response);
    });
  }

  public async start(address: string, port: number): Promise<string> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, address, resolve);
    });
    return `http://${address}:${port}`;
  }

  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}
