import { join } from 'node:path';
import { ApiClient } from './api-client';
import { createFrontendService } from './service';
import { readFrontendSettings } from './settings';
import { StaticFiles } from './static-files';
import { Environment } from '../common/environment';
import { Log } from '../common/log';
import { runService } from '../common/run-service';
import { DRAIN_DEADLINE_MS } from '../common/settings';
import { findTaskIdentity } from '../common/task-identity';

async function main(): Promise<void> {
  const settings = readFrontendSettings(new Environment());
  const task = await findTaskIdentity();
  const log = new Log({ service: 'geo-frontend', task: task.id });
  const api = new ApiClient(settings.apiUrl);
  const files = new StaticFiles(join(__dirname, 'static'));
  const http = createFrontendService({ ...settings, api, files, task, log });
  log.info('configured', { api: settings.apiUrl, trustedHops: settings.trustedHops });
  await runService(http, log, settings, {
    waitMs: settings.drainMs,
    deadlineMs: DRAIN_DEADLINE_MS,
    release: async () => api.close(),
  });
}

main().catch((error: unknown) => {
  new Log({ service: 'geo-frontend' }).error('cannot start', { reason: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
