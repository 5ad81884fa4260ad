import { get } from 'node:http';
import { hostname } from 'node:os';
import { USER_AGENT } from './user-agent';

/** Who answers: shown in `X-Task-Id` and in the page's path panel. */
export interface TaskIdentity {
  readonly id: string;
  readonly zone?: string;
}

const TIMEOUT_MS = 1000;
const MAX_BYTES = 256 * 1024;

/** Asks the ECS metadata endpoint (v4), else takes TASK_ID, else the host's name. Never fails: a name is not worth a start. */
export async function findTaskIdentity(env: Record<string, string | undefined> = process.env): Promise<TaskIdentity> {
  const fallback = { id: safe(env.TASK_ID || hostname()) };
  const base = env.ECS_CONTAINER_METADATA_URI_V4;
  if (!base) return fallback;
  try {
    const task = JSON.parse(await read(`${base}/task`)) as { TaskARN?: string; AvailabilityZone?: string };
    const id = task.TaskARN?.split('/').pop();
    return id ? { id: safe(id), zone: task.AvailabilityZone } : fallback;
  } catch {
    return fallback;
  }
}

async function read(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { timeout: TIMEOUT_MS, agent: false, headers: USER_AGENT }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > MAX_BYTES) request.destroy(new Error('the task metadata is too large'));
      });
      response.on('end', () => resolve(body));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(new Error('the task metadata endpoint did not answer')));
    request.on('error', reject);
  });
}

/** The id becomes a header value. */
function safe(id: string): string {
  return id.replace(/[^\w.:-]/g, '_').slice(0, 128);
}
