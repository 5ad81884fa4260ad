import { Health, Lookup } from '../api-client';
import { Hop } from '../path-hops';
import { StaticFiles } from '../static-files';
import { html, Html } from './html';
import { pathPanel } from './path-panel';
import { resultCard } from './result-card';
import { worldMap } from './world-map';

export interface PageProps {
  readonly files: StaticFiles;
  /** The address in the form: what was asked, else the caller's. */
  readonly asked: string;
  readonly lookup: Lookup | undefined;
  readonly hops: readonly Hop[];
  readonly health: Health;
  /** Said instead of a result when the API is away. */
  readonly outage?: string;
}

const EXAMPLES = ['8.8.8.8', '193.0.6.139', '200.160.2.3', '2001:4860:4860::8888', '10.0.0.1'];

export function page(props: PageProps): string {
  const { files, asked, lookup, health } = props;
  const invalid = lookup?.error?.code === 'IP_ADDRESS_INVALID';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title(props)}</title>
        <link rel="icon" href="${files.address('favicon.svg')}" type="image/svg+xml" />
        <link rel="stylesheet" href="${files.address('styles.css')}" />
        <link rel="stylesheet" href="${files.address('answer.css')}" />
        <script src="${files.address('path.js')}" defer></script>
      </head>
      <body>
        <header class="top">
          <a class="brand" href="/">Whereabouts</a>
          ${healthDots(health)}
        </header>
        <main>
          ${searchForm(asked, invalid)}
          <div class="columns">
            <section class="panel result" aria-label="Result">
              ${worldMap(lookup?.answer, files.address('world.svg'))}
              <div class="card" role="status">${props.outage ? outageNote(props.outage) : resultCard(lookup, asked)}</div>
            </section>
            ${pathPanel(props.hops)}
          </div>
        </main>
        <footer>
          <a href="https://db-ip.com">IP Geolocation by DB-IP</a>
          <span>An address tells a network, not a person: every place here is approximate.</span>
        </footer>
      </body>
    </html> `.text;
}

function title({ lookup, asked, outage }: PageProps): string {
  if (outage) return 'Not available right now – Whereabouts';
  return lookup && asked ? `${asked} – Whereabouts` : 'Whereabouts';
}

function searchForm(asked: string, invalid: boolean): Html {
  return html`<form class="search" action="/" method="get" role="search">
    <label for="ip">Where is this address?</label>
    <div class="field">
      <input
        id="ip"
        name="ip"
        value="${asked}"
        maxlength="64"
        inputmode="text"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        placeholder="IPv4 or IPv6"
        aria-describedby="ip-help"
        ${invalid && html` aria-invalid="true"`}
      />
      <button type="submit">Look up</button>
    </div>
    <p id="ip-help" class="help">
      ${invalid ? html`<strong class="problem">This is not an IPv4 or IPv6 address.</strong>` : 'Try'}
      ${EXAMPLES.map((ip) => html`<a href="/?ip=${encodeURIComponent(ip)}">${ip}</a> `)}
    </p>
  </form>`;
}

function outageNote(message: string): Html {
  return html`<h2 class="place"><span>We cannot look that up right now</span></h2>
    <p class="lead">${message} Nothing is wrong with your request; please try again in a moment.</p>`;
}

function healthDots({ api, redis, provider, degradedBy }: Health): Html {
  const redisWord = { up: 'up', degraded: 'degraded', none: 'not used', unknown: 'unknown' }[redis];
  const redisState = { up: 'good', degraded: 'poor', none: 'off', unknown: 'off' }[redis];
  const providerState = provider === 'unknown' ? 'off' : degradedBy ? 'poor' : 'good';
  const providerWord = degradedBy ? `${provider} (${degradedBy})` : provider;
  return html`<ul class="health" aria-label="Health">
    ${dot('API', api, api === 'up' ? 'good' : 'bad')}${dot('Redis', redisWord, redisState)}${dot('Provider', providerWord, providerState)}
  </ul>`;
}

function dot(name: string, word: string, state: string): Html {
  return html`<li class="${state}"><span class="dot" aria-hidden="true"></span>${name} <span class="word">${word}</span></li>`;
}
