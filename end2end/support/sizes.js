// How large what a browser loads is, compressed as servers in front of us do it.
import { brotliCompressSync } from 'node:zlib';

export const GOALS = { 'HTML and CSS': 30, WASM: 150 };

const kilobytes = (bytes) => brotliCompressSync(bytes).length / 1000;

// Of a customer's home page, and of what pages with islands load beside it.
export async function sizes(shop, reference) {
  // The key in the address alone carries a session whose browser keeps no cookie.
  const { location } = await shop.send('GET', new URL(await shop.link(reference)).pathname);
  const load = async (path) => (await shop.send('GET', new URL(path, `${shop.origin}${location}`).pathname)).bytes;
  const html = await load('');
  const [, css] = /<link rel="stylesheet" href="([^"]+)"/.exec(html);
  const wasm = /\/pkg\/[^"']+\.wasm/.exec(await load('pay'));
  return {
    'HTML and CSS': kilobytes(html) + kilobytes(await load(css)),
    WASM: wasm ? kilobytes(await load(wasm[0])) : 0,
  };
}
