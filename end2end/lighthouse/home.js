// Lighthouse (mobile, throttled) on the home page of a customer with a year of business: `cargo xtask lighthouse`.
import { launch } from 'chrome-launcher';
import lighthouse from 'lighthouse';
import { CHROMIUM } from '../support/browser.js';
import { openShop } from '../support/shop.js';
import { GOALS as LARGEST, sizes } from '../support/sizes.js';

const GOALS = { performance: 98, accessibility: 100, 'best-practices': 100 };

const shop = await openShop('SQLite');
await shop.john();
await shop.advance('2012-08-28T12:00:00Z');
// Redeemed without a cookie jar: the key in the address alone carries the session, as often as Lighthouse loads it.
const opened = await shop.send('GET', new URL(await shop.link('JOHNDOE001')).pathname);
const home = `${shop.origin}${opened.location}`;
const chrome = await launch({
  chromePath: CHROMIUM.executablePath,
  chromeFlags: ['--headless', ...CHROMIUM.args],
});
const { lhr } = await lighthouse(home, { port: chrome.port, onlyCategories: Object.keys(GOALS), logLevel: 'error' });
await chrome.kill();
const loaded = await sizes(shop, 'JOHNDOE001');
await shop.close();

const bytes = lhr.audits['total-byte-weight'].numericValue;
console.log(`total ${(bytes / 1024).toFixed(1)} KiB, ${lhr.audits['network-requests'].details.items.length} requests`);
let missed = false;
for (const [name, goal] of Object.entries(GOALS)) {
  const score = Math.round(lhr.categories[name].score * 100);
  missed ||= score < goal;
  console.log(`${name}: ${score} (goal ${goal})`);
  const failed = lhr.categories[name].auditRefs.map(({ id }) => lhr.audits[id]).filter(({ score }) => score !== null && score < 0.9);
  for (const audit of failed) console.log(`  ${audit.id}: ${audit.displayValue ?? audit.title}`);
}
for (const [name, largest] of Object.entries(LARGEST)) {
  missed ||= loaded[name] > largest;
  console.log(`${name} by brotli: ${loaded[name].toFixed(1)} kB (at most ${largest})`);
}
process.exit(missed ? 1 : 0);
