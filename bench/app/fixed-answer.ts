import { readAnswer } from './answer';
import { HttpError, text } from '../../app/common/http';
import { HttpService } from '../../app/common/http-service';
import { Log } from '../../app/common/log';
import { Metrics } from '../../app/common/metrics';
import { SECURITY_HEADERS } from '../../app/common/settings';

/** The ceiling of the app: its own HTTP stack, router, headers and metrics, and nothing to do. */
const { path, status, headers, body } = readAnswer();
const log = new Log({ service: 'fixed' });
const service = new HttpService({
  routes: [{ method: 'GET', path, handle: () => ({ status, headers, body }) }],
  taskId: 'fixed-answer',
  metrics: new Metrics(),
  log,
  headers: SECURITY_HEADERS,
  renderError: (error: HttpError) => text(error.status, `${error.message}\n`, error.headers),
});
void service.listen(Number(process.env.PORT), '127.0.0.1');
