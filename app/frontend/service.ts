import { ApiClient } from './api-client';
import { LookupPage, renderError } from './routes';
import { StaticFiles } from './static-files';
import { json, Route } from '../common/http';
import { HttpService, Timeouts } from '../common/http-service';
import { Log } from '../common/log';
import { Metrics } from '../common/metrics';
import { SECURITY_HEADERS } from '../common/settings';
import { TaskIdentity } from '../common/task-identity';

export interface FrontendServiceProps {
  readonly api: ApiClient;
  readonly files: StaticFiles;
  readonly trustedHops: number;
  readonly task: TaskIdentity;
  readonly log: Log;
  readonly timeouts?: Partial<Timeouts>;
}

export function createFrontendService(props: FrontendServiceProps): HttpService {
  const { api, files, log, task } = props;
  const metrics = new Metrics();
  const outages = metrics.counter('geo_api_outages_total', 'Pages that had to do without the API.', ['status']);
  let lastOutage = 0;
  const lookupPage = new LookupPage({
    ...props,
    onOutage: (error) => {
      outages(String(error.status));
      if (Date.now() - lastOutage > 10_000) log.warn('the API is not available', { reason: error.message });
      lastOutage = Date.now();
    },
  });
  const routes: Route[] = [
    { method: 'GET', path: '/', handle: lookupPage.handle },
    { method: 'GET', path: '/static/{name}', handle: files.handle },
    { method: 'GET', path: '/healthz', handle: () => json(200, { status: 'ok' }) },
    {
      // An API that is away must not take the page down with it: the page is there to say so.
      method: 'GET',
      path: '/readyz',
      handle: async () =>
        json(http.isDraining ? 503 : 200, {
          status: http.isDraining ? 'draining' : 'ready',
          api: (await api.readHealth()).api,
          task,
        }),
    },
  ];
  const http: HttpService = new HttpService({
    routes,
    taskId: task.id,
    metrics,
    log,
    headers: SECURITY_HEADERS,
    renderError: (error, request) => renderError(error, request.headers.accept),
    timeouts: props.timeouts,
  });
  return http;
}
