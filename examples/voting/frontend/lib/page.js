'use strict';

/** Markup that may go out as it is. Only `html` makes it. */
class Markup {
  constructor(text) {
    this.text = text;
  }
}

/** Every value that is not markup itself is escaped, so that forgetting is not possible. */
function html(parts, ...values) {
  return new Markup(parts.reduce((all, part, i) => all + render(values[i - 1]) + part));
}

function render(value) {
  if (value === undefined || value === false) return '';
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(render).join('');
  return String(value).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The whole page: question, two buttons, tally. It needs no script. */
function page(view) {
  const { question, options } = view.settings;
  const total = view.tally && view.tally.a + view.tally.b;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${question}</title>
        <link rel="icon" href="/favicon.svg" />
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <main>
          <h1>${question}</h1>
          ${notice(view)}
          <form action="/vote" method="post" class="options">${options.map((option) => card(option, view, total))}</form>
          <p class="total">
            ${total === undefined ? 'No tally is known yet.' : `${plural(total)} in all.`} One for each browser; vote again to
            change yours.
          </p>
        </main>
        <footer>
          <span>Votes in ${view.kind === 'postgres' ? 'PostgreSQL, counted in Redis' : 'Redis'}</span>
          <span>Task <code>${view.taskId}</code></span>
          <a href="/api/tally">JSON</a>
        </footer>
      </body>
    </html> `.text;
}

function notice({ failed, stale, voted, asOf, choice, settings }) {
  if (failed) {
    return html`<p class="notice poor" role="alert">
      <strong>Your vote could not be counted.</strong> The ballot box is away for a moment; nothing is wrong with your browser.
      Please try again shortly.
    </p>`;
  }
  if (stale) {
    const when = asOf === undefined ? '' : ` This is the tally of ${new Date(asOf).toISOString().slice(11, 19)} UTC.`;
    return html`<p class="notice poor" role="status"><strong>The ballot box cannot be reached right now.</strong>${when}</p>`;
  }
  if (!voted) return undefined;
  const { label } = settings.options.find(({ id }) => id === choice);
  return html`<p class="notice good" role="status">Your vote for <strong>${label}</strong> is counted.</p>`;
}

function card({ id, label }, { tally, choice }, total) {
  // Of the two roundings one follows from the other, so that they add up to 100.
  const percentOfA = total ? Math.round((100 * tally.a) / total) : 0;
  const percent = id === 'a' || !total ? percentOfA : 100 - percentOfA;
  const mine = choice === id;
  // A style attribute would need a looser content security policy than the width of a rectangle does.
  return html`<section class="option ${id}${mine && ' mine'}" aria-labelledby="option-${id}">
    <h2 id="option-${id}">${label}</h2>
    <p class="count"><span class="percent">${tally ? `${percent} %` : '–'}</span> <span>${tally ? plural(tally[id]) : ''}</span></p>
    <svg class="bar" width="100%" height="12" aria-hidden="true"><rect width="${percent}%" height="12"></rect></svg>
    <button name="choice" value="${id}" aria-pressed="${String(mine)}">
      ${mine ? html`<span aria-hidden="true">✓</span> Your vote` : `Vote for ${label}`}
    </button>
  </section>`;
}

function plural(votes) {
  return votes === 1 ? '1 vote' : `${votes.toLocaleString('en')} votes`;
}

module.exports = { page };
