import { Hop } from '../path-hops';
import { html, Html } from './html';

const WORDS: Record<NonNullable<Hop['outcome']>, string> = {
  HIT: 'HIT',
  MISS: 'MISS',
  SKIPPED: 'skipped',
  UNAVAILABLE: 'unavailable',
  USED: 'answered',
};

/** How this answer got here, station by station. `data-` attributes are for the script that measures again. */
export function pathPanel(hops: readonly Hop[]): Html {
  return html`<section class="panel path" aria-labelledby="path-title">
    <div class="panel-head">
      <h2 id="path-title">How it got here</h2>
      <button type="button" class="quiet" id="measure" hidden>Measure again</button>
    </div>
    <ol class="hops">
      ${hops.map(row)}
    </ol>
    <p class="visually-hidden" role="status" id="path-status"></p>
  </section>`;
}

function row(hop: Hop): Html {
  const state = hop.outcome?.toLowerCase() ?? 'passed';
  return html`<li class="hop ${state}" data-hop="${hop.id}">
    <span class="hop-name">${hop.name}</span>
    <span class="hop-outcome" data-outcome>${hop.outcome && WORDS[hop.outcome]}</span>
    <span class="hop-ms" data-ms>${milliseconds(hop.ms)}</span>
    <span class="hop-detail" data-detail>${hop.detail}</span>
  </li>`;
}

export function milliseconds(ms: number | undefined): string {
  if (ms === undefined) return '';
  return ms < 0.01 ? '<0.01 ms' : `${ms.toFixed(ms < 10 ? 2 : 0)} ms`;
}
