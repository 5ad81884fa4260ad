import { Environment } from '../common/environment';
import { readServerSettings, ServerSettings } from '../common/settings';

export interface FrontendSettings extends ServerSettings {
  /** Base address of the API, as the load balancer's or Service Connect's name. */
  readonly apiUrl: string;
}

export function readFrontendSettings(env: Environment): FrontendSettings {
  return { ...readServerSettings(env), apiUrl: env.url('API_URL') };
}
