const list = document.querySelector('#links');
const message = document.querySelector('#message');
const none = Object.assign(document.createElement('li'), { textContent: 'No links yet.' });

function anchor(href, text) {
  const element = document.createElement('a');
  element.href = href;
  element.textContent = text;
  return element;
}

function row({ code, url, shortUrl }) {
  const item = document.createElement('li');
  item.dataset.code = code;
  item.append(anchor(shortUrl, shortUrl.replace(/^https?:\/\//, '')), ' ', url);
  return item;
}

async function ask(path, options) {
  const answer = await fetch(path, options);
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.error.message);
  return body;
}

async function refresh() {
  const { links } = await ask('/api/links?limit=10');
  list.replaceChildren(...(links.length > 0 ? links.map(row) : [none]));
}

document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  const form = event.currentTarget;
  try {
    const link = await ask('/api/links', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ url: form.url.value }),
    });
    message.replaceChildren('Made ', anchor(link.shortUrl, link.shortUrl));
    form.reset();
    await refresh();
  } catch (error) {
    message.textContent = error.message;
  }
});

refresh().catch((error) => (message.textContent = error.message));
