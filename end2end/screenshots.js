// Pictures of every page of the portal, wide and narrow, light and dark, in English and in Arabic:
// `cargo xtask screenshots`, or `npm run screenshots FOLDER [PAGE…]`.
import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CHROMIUM } from './support/browser.js';
import { startDemo } from './support/demo.js';
import { openShop } from './support/shop.js';
import { STATES, inEveryLook } from './support/states.js';

const [target, ...only] = process.argv.slice(2);
if (!target) {
  console.error('usage: npm run screenshots FOLDER [PAGE…]');
  process.exit(2);
}
// npm runs this in end2end/, whoever calls it from where.
const folder = resolve(process.env.INIT_CWD ?? '.', target);
mkdirSync(folder, { recursive: true });

const browser = await chromium.launch(CHROMIUM);
for (const state of STATES) {
  if (only.length === 0 || only.includes(state.name)) await takeState(state);
}
if (only.length === 0 || only.includes('demo')) await takeDemo();
await browser.close();

async function takeState({ name, open, status = 200, database, live }) {
  const shop = await openShop(database, live);
  const page = await browser.newPage();
  await open(page, shop);
  await take(page, name);
  // The same page again, as the same customers see it when they read Arabic. A page that was answered with is English.
  const address = new URL(page.url());
  const isThere = status < 500;
  if (isThere && /^\/widget\/(s|q|login|forgot\w+|quickPay|resetPassword|signedOut)\b/.test(address.pathname)) {
    await shop.translate('ar_AE');
    if (!/^\/widget\/[sq]\//.test(address.pathname)) address.searchParams.set('locale', 'ar');
    await page.goto(address.href, { waitUntil: 'networkidle' });
    await take(page, `${name} ar`);
  }
  await page.close();
  await shop.close();
}

async function takeDemo() {
  const demo = await startDemo();
  const page = await browser.newPage();
  for (const [name, path] of [['demo', '/'], ['demo login', '/login']]) {
    await page.goto(demo.merchant + path, { waitUntil: 'networkidle' });
    await take(page, name);
  }
  await page.close();
  await demo.stop();
}

async function take(page, name) {
  await inEveryLook(page, async (width, theme) => {
    const file = `${name.replaceAll(' ', '-')}-${width}-${theme}.png`;
    await page.screenshot({ path: join(folder, file), fullPage: true });
    console.log(file);
  });
}
