// What every browser test gets: a shop, a browser, and somebody who watches for faults.
import { test as base, expect } from '@playwright/test';
import { rmSync } from 'node:fs';
import { withCookies } from './browser.js';
import { temporaryFolder } from './program.js';
import { openShop } from './shop.js';
import { Watch } from './watch.js';

export { expect };

export const test = base.extend({
  database: ['SQLite', { option: true }],
  live: [false, { option: true }],
  cookies: [null, { option: true }],

  shop: async ({ database, live }, use, testInfo) => {
    const shop = await openShop(database, live);
    await use(shop);
    if (testInfo.status !== testInfo.expectedStatus) console.log(`the server said:\n${shop.log.join('\n')}`);
    await shop.close();
  },

  context: async ({ browser, cookies, javaScriptEnabled, shop, watch }, use) => {
    const folder = cookies && temporaryFolder();
    const options = { javaScriptEnabled };
    const context = cookies ? await withCookies(cookies, folder, options) : await browser.newContext(options);
    watch.over(context, [shop.origin, shop.merchant.origin, new URL(shop.merchant.probe).origin]);
    await use(context);
    await context.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  },

  // Whatever a browser complains of fails the test, unless it has said that this must come.
  watch: async ({}, use, testInfo) => {
    const watch = new Watch();
    await use(watch);
    if (testInfo.status !== testInfo.expectedStatus) console.log(`never answered: ${watch.pending.join(', ') || 'nothing'}`);
    expect(watch.faults, 'what the browser complained of').toEqual([]);
  },
});
