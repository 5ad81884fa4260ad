/*
 * Fills in what only the browser can know, and measures the way again on request. The page is complete without it.
 */
(() => {
  'use strict';
  const WORDS = { HIT: 'HIT', MISS: 'MISS', SKIPPED: 'skipped', UNAVAILABLE: 'unavailable', USED: 'answered' };
  const button = document.getElementById('measure');
  const status = document.getElementById('path-status');
  const shownAddress = document.getElementById('ip').defaultValue;

  const milliseconds = (ms) => (ms < 0.01 ? '<0.01 ms' : `${ms.toFixed(ms < 10 ? 2 : 0)} ms`);
  const row = (id) => document.querySelector(`[data-hop="${id}"]`);

  /** The browser's own share: waiting for the first byte, less the time that the service says it needed. */
  function showBrowserTime(entry) {
    const served = [...(entry.serverTiming ?? [])].find(({ name }) => name === 'frontend');
    const waited = entry.responseStart - entry.requestStart;
    const browser = row('browser');
    if (!browser || !served || !(waited > 0)) return;
    browser.querySelector('[data-ms]').textContent = milliseconds(Math.max(0, waited - served.duration));
    browser.querySelector('[data-detail]').textContent = 'network to us and back';
  }

  function showHop(hop) {
    const item = row(hop.id);
    if (!item || hop.id === 'browser') return;
    item.className = `hop ${hop.outcome ? hop.outcome.toLowerCase() : 'passed'}`;
    item.querySelector('[data-outcome]').textContent = WORDS[hop.outcome] ?? '';
    item.querySelector('[data-ms]').textContent = hop.ms === undefined ? '' : milliseconds(hop.ms);
    item.querySelector('[data-detail]').textContent = hop.detail;
  }

  async function measure() {
    button.disabled = true;
    const address = `/?ip=${encodeURIComponent(shownAddress)}`;
    try {
      performance.clearResourceTimings();
      const response = await fetch(address, { headers: { accept: 'application/json' }, cache: 'no-store' });
      const { path = [] } = await response.json();
      path.forEach(showHop);
      const entry = performance.getEntriesByType('resource').find(({ name }) => name.endsWith(address));
      if (entry) showBrowserTime(entry);
      status.textContent = `Measured again: ${response.headers.get('x-cache') ?? 'no answer'}.`;
    } catch {
      status.textContent = 'The service did not answer.';
    } finally {
      button.disabled = false;
    }
  }

  const [navigation] = performance.getEntriesByType('navigation');
  if (navigation) showBrowserTime(navigation);
  if (button && shownAddress !== '') {
    button.hidden = false;
    button.addEventListener('click', () => void measure());
  }
})();
