import { json, Route } from '../common/http';
import { HttpService, Timeouts } from '../common/http-service';
import { Log } from '../common/log';
import { Metrics } from '../common/metrics';
import { SECURITY_HEADERS } from '../common/settings';
import { TaskIdentity } from '../common/task-identity';
import { LookupService } from './lookup/lookup-service';
import { Provider, ProviderError } from './provider/provider';
import { lookupRoutes, renderError } from './routes';
import { GuardedStore } from './store/guarded-store';
import { HitCounter } from './store/hit-counter';

export interface ApiServiceProps {
  readonly provider: Provider;
  readonly fallback?: Provider;
  readonly store?: GuardedStore;
  /** Whether answers go to the store; else it only counts. */
  readonly cacheAnswers: boolean;
  readonly l1Entries: number;
  readonly l1Seconds: number;
  readonly trustedHops: number;
  readonly task: TaskIdentity;
  readonly log: Log;
  readonly timeouts?: Partial<Timeouts>;
  readonly now?: () => number;
}

export interface ApiService {
  readonly http: HttpService;
  /** Closes what the service holds. */
  readonly release: () => Promise<void>;
}

/** Puts the parts together; `main.ts` makes them from the environment, tests from doubles. */
export function createApiService(props: ApiServiceProps): ApiService {
  const metrics = new Metrics();
  const answers = metrics.counter('geo_lookups_total', 'Answered lookups by where the answer came from.', ['cache', 'status']);
  const problems = metrics.counter('geo_provider_errors_total', 'Lookups that the provider could not answer.', ['reason']);
  const hits = props.store && new HitCounter(props.store, props.now);
  const lookups = new LookupService({
    ...props,
    cache: props.cacheAnswers ? props.store : undefined,
    ...providerReports(props.log, (error) => problems(error.reason)),
  });
  const onAnswer = ({ cache, status }: { cache: string; status: number }): void => {
    answers(cache, String(status));
    hits?.add();
  };
  const http: HttpService = new HttpService({
    routes: [
      ...lookupRoutes({ lookups, trustedHops: props.trustedHops, onAnswer }),
      ...healthRoutes(props, lookups, () => http.isDraining),
    ],
    taskId: props.task.id,
    metrics,
    log: props.log,
    headers: SECURITY_HEADERS,
    renderError,
    timeouts: props.timeouts,
  });
  const release = async (): Promise<void> => {
    await hits?.close();
    await Promise.all([props.provider.close(), props.fallback?.close(), props.store?.close()]);
  };
  return { http, release };
}

/** Liveness knows nothing but the process; readiness reports Redis, but does not fail with it: an outage there is not ours. */
function healthRoutes(props: ApiServiceProps, lookups: LookupService, isDraining: () => boolean): Route[] {
  const { provider, store, task, cacheAnswers } = props;
  return [
    { method: 'GET', path: '/healthz', handle: () => json(200, { status: 'ok' }) },
    {
      method: 'GET',
      path: '/readyz',
      handle: async () =>
        json(isDraining() ? 503 : 200, {
          status: isDraining() ? 'draining' : 'ready',
          provider: { name: provider.name, build: provider.build, degradedBy: lookups.degradedBy },
          redis: {
            status: store ? await store.status() : 'none',
            use: store ? (cacheAnswers ? 'answers and counters' : 'counters') : 'none',
          },
          task,
        }),
    },
  ];
}

/** Every failure is counted, but only a change of reason is logged: an outage is one line, not one a request. */
function providerReports(
  log: Log,
  count: (error: ProviderError) => void,
): { onProviderError: (error: ProviderError) => void; onProviderBack: () => void } {
  let last: string | undefined;
  return {
    onProviderError: (error) => {
      count(error);
      if (error.reason !== last) log.warn('the provider cannot answer', { reason: error.reason, detail: error.message });
      last = error.reason;
    },
    onProviderBack: () => {
      last = undefined;
      log.info('the provider answers again');
    },
  };
}
