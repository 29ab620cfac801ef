// The demo does what it prints.
import { expect, test as base } from '@playwright/test';
import { startDemo } from '../support/demo.js';
import { frameOf, pay, signIn } from '../support/portal.js';
import { Watch } from '../support/watch.js';

const test = base.extend({
  demo: async ({}, use) => {
    const demo = await startDemo();
    await use(demo);
    await demo.stop();
  },
});

test("the demo's merchant page shows the portal both ways, and its test card pays", async ({ page, context, demo }) => {
  const watch = new Watch();
  watch.over(context, [demo.merchant, new URL(demo.portal).origin]);
  await page.goto(demo.merchant);
  const frame = await frameOf(page);
  await expect(frame.locator('.figure')).toHaveText('$60.50');

  await page.getByRole('link', { name: 'BluSynergy login' }).click();
  const login = await frameOf(page);
  await signIn(login, 'jdoe001', 'Welcome2011');
  await pay(login);
  await expect(login.getByRole('heading', { level: 1 })).toHaveText('Payment received');

  await page.getByRole('link', { name: 'Signed in by us' }).click();
  await expect((await frameOf(page)).locator('.figure')).toHaveText('$0.00');
  expect(watch.faults).toEqual([]);
});
