// A merchant's own web server, on an origin that is foreign to the portal.
import { createServer } from 'node:http';

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');

// A page: its title, and what it holds.
export function page(content) {
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>My shop</title>
<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width">
<style>iframe { width: 100%; height: 1000px; border: 0 }</style></head>
<body><main><h1>My shop</h1>${content}</main></body></html>`;
}

export function frames(...addresses) {
  return page(addresses.map((src, n) => `<iframe title="Account ${n + 1}" src="${escape(src)}"></iframe>`).join(''));
}

// A form that sends itself to somebody else when its button is pressed.
export function form(action, fields) {
  const field = ([name, value]) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`;
  const inside = Object.entries(fields).map(field).join('');
  return page(`<form method="post" action="${escape(action)}">${inside}<button>Win a prize</button></form>`);
}

// `show(html)` gives the address of that page; `answer(path, give)` answers there with the text that `give` gives.
export async function startMerchant() {
  const pages = new Map();
  const texts = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://merchant');
    if (texts.has(pathname)) {
      response.writeHead(200, { 'content-type': 'text/plain', 'cache-control': 'no-store' });
      return void response.end(texts.get(pathname)());
    }
    const shown = pathname === '/probe' ? probe(request) : { html: pages.get(pathname) };
    response.writeHead(shown.html ? 200 : 404, { 'content-type': 'text/html; charset=utf-8', ...shown.headers });
    response.end(shown.html ?? 'Not found');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address();
  const origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    // The same server, as another site.
    probe: `http://probe.localhost:${port}/probe`,
    show: (html) => {
      const path = `/${pages.size + 1}`;
      pages.set(path, html);
      return origin + path;
    },
    answer: (path, give) => void texts.set(path, give),
    stop: () =>
      new Promise((done) => {
        server.close(done);
        server.closeAllConnections();
      }),
  };
}

// Tells which cookies came back, and sets one of each kind.
function probe(request) {
  const kept = request.headers.cookie ?? '';
  return {
    html: page(`<p>plain: ${kept.includes('plain=1')}, partitioned: ${kept.includes('parted=1')}</p>`),
    headers: {
      'set-cookie': ['plain=1; Path=/; Secure; SameSite=None', 'parted=1; Path=/; Secure; SameSite=None; Partitioned'],
    },
  };
}
