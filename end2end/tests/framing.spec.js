// Who may frame the portal, who may send its forms, and that frames of two customers stay apart.
import { COOKIE_MODES } from '../support/browser.js';
import { form, frames, startMerchant } from '../support/merchant.js';
import { frameOf, pay } from '../support/portal.js';
import { PASSWORD } from '../support/shop.js';
import { expect, test as base } from '../support/test.js';

const test = base.extend({
  // An origin that the merchant has not listed.
  stranger: async ({}, use) => {
    const stranger = await startMerchant();
    await use(stranger);
    await stranger.stop();
  },
});

test('an origin that is not listed can not frame the portal', async ({ page, shop, stranger, watch }) => {
  watch.expect(/frame-ancestors/, new RegExp(`^foreign: ${stranger.origin}`), /^failed: .*ERR_BLOCKED_BY_(CSP|RESPONSE)/);
  await shop.john();
  for (const address of [`${shop.origin}/widget/login`, await shop.link('JOHNDOE001')]) {
    const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
    await page.goto(stranger.show(frames(address)));
    await refused;
    const frame = await frameOf(page);
    await expect.poll(() => frame.url()).toBe('chrome-error://chromewebdata/');
    expect(await frame.content()).not.toMatch(/Acme|Sign in|60\.50/);
  }
});

test('a listed origin frames the portal, and a stranger around it does not', async ({ page, shop, stranger, watch }) => {
  watch.expect(/frame-ancestors/, new RegExp(`^foreign: ${stranger.origin}`), /^failed: .*ERR_BLOCKED_BY_(CSP|RESPONSE)/);
  const listed = shop.merchant.show(frames(`${shop.origin}/widget/login`));
  await page.goto(listed);
  await expect((await frameOf(page)).getByRole('heading', { level: 1 })).toHaveText('Sign in to your account');
  const refused = page.waitForEvent('console', (message) => /frame-ancestors/.test(message.text()));
  await page.goto(stranger.show(frames(listed)));
  await refused;
  const middle = await frameOf(page);
  await expect(middle.getByRole('heading', { level: 1 })).toHaveText('My shop');
  await expect.poll(() => middle.childFrames()[0].url()).toBe('chrome-error://chromewebdata/');
});

test('a form that a foreign site sends is refused, even with a right token', async ({ page, shop, watch }) => {
  watch.expect(/^status: 403 /, /^console: .*status of 403 /);
  await shop.john();
  await page.goto(`${shop.origin}/widget/login`);
  const token = await page.locator('input[name=form_token]').first().inputValue();
  const fields = { form_token: token, username: 'jdoe001', password: PASSWORD };
  await page.goto(shop.merchant.show(form(`${shop.origin}/widget/login`, fields)));
  await send(page);

  await page.goto(await shop.link('JOHNDOE001'));
  const home = page.url();
  const mine = await page.locator('input[name=form_token]').first().inputValue();
  await page.goto(shop.merchant.show(form(home.replace('/home', '/logout'), { form_token: mine })));
  await send(page);
  await page.goto(home);
  await expect(page.locator('.figure')).toHaveText('$60.50');
});

// The visitor falls for it.
async function send(page) {
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Win a prize' }).click();
  expect((await answer).status()).toBe(403);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You can’t do this');
}

for (const cookies of COOKIE_MODES) {
  test.describe(cookies, () => {
    test.use({ cookies });
    test('frames of two customers on one page do not mix', async ({ page, shop }) => {
      await shop.john();
      await shop.createCustomer('ADA1001', 'adalovelace', 'Ada Lovelace');
      await shop.order('ADA1001', 'STARTER');
      await page.goto(shop.merchant.show(frames(await shop.link('JOHNDOE001'), await shop.link('ADA1001'))));
      const [john, ada] = [await frameOf(page, 0), await frameOf(page, 1)];
      for (const _ of ['first', 'again']) {
        await expect(john.locator('.figure')).toHaveText('$60.50');
        await expect(ada.locator('.figure')).toHaveText('$1,234.00');
        await john.getByRole('link', { name: 'Home', exact: true }).click();
        await ada.getByRole('link', { name: 'Home', exact: true }).click();
      }
      await pay(ada);
      await expect(ada.getByRole('heading', { level: 1 })).toHaveText('Payment received');
      await john.getByRole('button', { name: 'Sign out' }).click();
      await expect(john.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
      await ada.getByRole('link', { name: 'Account', exact: true }).click();
      await expect(ada.getByRole('banner')).toContainText('Ada Lovelace');
    });
  });
}
