// embed.js in a merchant's page: it opens the frame, grows it, hears of what happens, and renews a session that ends.
import { createHmac } from 'node:crypto';
import { COOKIE_MODES } from '../support/browser.js';
import { SECRET, openAccount } from '../support/keys.js';
import { page as merchantPage } from '../support/merchant.js';
import { enterCard, frameOf } from '../support/portal.js';
import { expect, test } from '../support/test.js';

const NOW = Date.parse('2011-09-20T12:00:00Z') / 1000;

const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

// As the merchant's server does it, without asking anybody. `at`: by the organization's clock.
let tokens = 0;
function sign(sub, at = NOW, more = {}) {
  const claims = { sub, aud: 'acme.localhost', iat: at, exp: at + 60, jti: `${process.pid}-${(tokens += 1)}`, ...more };
  const head = `${encode({ alg: 'HS256', typ: 'JWT', kid: 'shop' })}.${encode(claims)}`;
  return `${head}.${createHmac('sha256', SECRET).update(head).digest('base64url')}`;
}

// What a merchant writes into its page; what it hears is kept in `heard`. `tokens` are handed out one by one.
function embedding(shop, tokens, more = '') {
  return merchantPage(`<div id="account"></div>
<script src="${shop.origin}/embed.js"></script>
<script>
  window.heard = [];
  window.tokens = ${JSON.stringify(tokens)};
  const hear = (event) => heard.push(event);
  const next = async () => tokens.shift() ?? null;
  window.account = BluSynergy.embed({
    target: '#account', title: 'Your account', token: next, renew: next,
    on: { ready: hear, navigate: hear, paid: hear, 'session-ended': hear, error: hear },
    ${more}
  });
</script>`);
}

const heard = (page, type) => page.evaluate((type) => window.heard.filter((event) => event.type === type), type);

for (const cookies of COOKIE_MODES) {
  test.describe(cookies, () => {
    test.use({ cookies });
    test('a page with embed.js shows the account, grows the frame and hears of the payment', async ({ page, shop }) => {
      await openAccount(shop);
      const token = sign('JOHNDOE001');
      await page.goto(shop.merchant.show(embedding(shop, [token])));
      const frame = await frameOf(page);
      await expect(frame.locator('.figure')).toHaveText('$60.50');
      await expect.poll(() => heard(page, 'ready')).toEqual([{ type: 'ready', page: 'home' }]);
      expect(await page.getByTitle('Your account').getAttribute('sandbox')).not.toContain('allow-top-navigation ');
      await fits(page, frame);

      await page.evaluate(() => window.account.navigate('makePayment', '1019'));
      await frame.getByRole('button', { name: 'Continue' }).click();
      await fits(page, frame);
      await enterCard(frame);
      await frame.getByRole('button', { name: /^Pay / }).click();
      await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Payment received');
      const paid = { type: 'paid', payment: '1001', amount: '60.50', currency: 'USD' };
      await expect.poll(() => heard(page, 'paid')).toEqual([paid]);
      // A receipt that is only looked at is no payment.
      await frame.getByRole('link', { name: 'Payments', exact: true }).click();
      await frame.getByRole('link', { name: 'Payment 1001' }).click();
      await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Payment received');
      expect(await heard(page, 'paid')).toEqual([paid]);
      const addresses = page.frames().map((part) => part.url()).join(' ');
      expect(addresses).not.toContain(token);
    });
  });
}

// Nothing of the page is cut off, and nothing of the frame is empty.
function fits(page, frame) {
  return expect(async () => {
    const box = await page.locator('iframe').boundingBox();
    const content = await frame.evaluate(() => document.body.getBoundingClientRect().height);
    expect(Math.abs(box.height - content)).toBeLessThanOrEqual(1);
  }).toPass({ timeout: 10_000 });
}

// Begins to type a card, in a session that has been used for six minutes.
async function beginCard(page, shop, tokens) {
  await page.clock.install();
  await openAccount(shop);
  await page.goto(shop.merchant.show(embedding(shop, tokens)));
  const frame = await frameOf(page);
  await frame.getByRole('button', { name: 'Continue' }).click();
  const name = frame.getByLabel('Name on card');
  await name.fill('John Doe');
  // Whoever types is there: the page says so after five minutes.
  const used = page.waitForResponse(/\/keep$/);
  await page.clock.runFor(6 * 60_000);
  expect((await used).status()).toBe(200);
  return { frame, name };
}

test('a session that ends is renewed by the merchant, and what was typed is still there', async ({ page, shop }) => {
  const tokens = [sign('JOHNDOE001', NOW, { page: 'makePayment' }), sign('JOHNDOE001', NOW + 28 * 60)];
  const { frame, name } = await beginCard(page, shop, tokens);
  await shop.advance('2011-09-20T12:28:10Z');
  await page.clock.runFor(28.5 * 60_000);
  await expect.poll(() => page.evaluate(() => window.tokens.length)).toBe(0);
  // It would be over by now, without the token.
  await shop.advance('2011-09-20T12:57:00Z');
  await expect(name).toHaveValue('John Doe');
  await expect(frame.getByRole('dialog')).toHaveCount(0);
  await enterCard(frame);
  await expect(frame.getByRole('heading', { level: 2 }).first()).toHaveText('You pay Acme Hosting');
  expect(await heard(page, 'session-ended')).toEqual([]);
});

test('a session that is over already goes on with a token that comes late, and the form with it', async ({ page, shop }) => {
  // Asked before the end, the merchant has none yet.
  const tokens = [sign('JOHNDOE001', NOW, { page: 'makePayment' }), null, sign('JOHNDOE001', NOW + 31 * 60)];
  const { frame, name } = await beginCard(page, shop, tokens);
  await page.clock.runFor(28.5 * 60_000);
  await expect(frame.getByRole('dialog', { name: 'Are you still there?' })).toBeVisible();
  await shop.advance('2011-09-20T12:31:10Z');
  await page.clock.runFor(2 * 60_000);
  await expect.poll(() => page.evaluate(() => window.tokens.length)).toBe(0);
  await expect(frame.getByRole('dialog')).toHaveCount(0);
  expect(await heard(page, 'session-ended')).toEqual([]);
  await expect(name).toHaveValue('John Doe');
  await enterCard(frame);
  await expect(frame.getByRole('heading', { level: 2 }).first()).toHaveText('You pay Acme Hosting');
});

test.describe('where the browser keeps something for frames', () => {
  test.use({ cookies: COOKIE_MODES[0] });
  test('whoever meets the end of the session with a click or a form is let in again there, with what was typed', async ({ page, shop, watch }) => {
    watch.expect(/^status: 410 /, /^console: .*status of 410 /);
    await page.clock.install();
    await openAccount(shop);
    const tokens = [0, 31, 62].map((minutes) => sign('JOHNDOE001', NOW + minutes * 60));
    await page.goto(shop.merchant.show(embedding(shop, [...tokens, null])));
    const frame = await frameOf(page);
    await expect(frame.locator('.figure')).toHaveText('$60.50');
    await shop.advance('2011-09-20T12:31:10Z');
    await frame.getByRole('link', { name: 'Account', exact: true }).click();
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Account');
    await fits(page, frame);

    await frame.getByRole('link', { name: /Edit contact and address/ }).first().click();
    await frame.getByLabel('City').first().fill('Springfield');
    await shop.advance('2011-09-20T13:02:10Z');
    // The merchant is not asked again at once.
    await page.clock.runFor(11_000);
    await frame.getByRole('button', { name: 'Save' }).click();
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Edit contact and address');
    await expect(frame.getByLabel('City').first()).toHaveValue('Springfield');
    await fits(page, frame);
    expect(await heard(page, 'session-ended')).toEqual([]);

    await shop.advance('2011-09-20T13:40:00Z');
    await page.clock.runFor(11_000);
    await frame.getByRole('link', { name: 'Home', exact: true }).click();
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Your session is over');
    await expect.poll(() => heard(page, 'session-ended')).toEqual([{ type: 'session-ended', reason: 'over' }]);
  });
});

test('without the merchant, a customer is asked before the session ends, and stays by pressing a key', async ({ page, shop }) => {
  await page.clock.install();
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  await page.clock.runFor(27 * 60_000);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.clock.runFor(60_000 + 2000);
  const dialog = page.getByRole('dialog', { name: 'Are you still there?' });
  await expect(dialog).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Stay signed in' })).toBeFocused();
  await shop.advance('2011-09-20T12:28:10Z');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await shop.advance('2011-09-20T12:58:00Z');
  await page.clock.runFor(60_000);
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await page.clock.runFor(40 * 60_000);
  await expect(page.getByRole('dialog', { name: 'Your session is over' })).toBeVisible();
});

test('who signs out in a frame is led back to the login of the merchant, in the whole window', async ({ page, shop }) => {
  await openAccount(shop);
  const login = shop.merchant.show(merchantPage('<p>Sign in here.</p>'));
  await page.goto(shop.merchant.show(embedding(shop, [sign('JOHNDOE001', NOW, { loginUrl: login })])));
  const frame = await frameOf(page);
  await frame.getByRole('button', { name: 'Sign out' }).click();
  await expect(frame.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
  const ended = { type: 'session-ended', reason: 'signed-out' };
  await expect.poll(() => heard(page, 'session-ended')).toEqual([ended]);
  await frame.getByRole('link', { name: 'Sign in again' }).click();
  await expect(page.getByText('Sign in here.')).toBeVisible();
  expect(page.url()).toBe(login);
});

test('a link that is too old says so in the frame, and leads to the login of the merchant in the whole window', async ({ page, shop, watch }) => {
  watch.expect(/^status: 410 /, /^console: .*status of 410 /);
  await openAccount(shop);
  const login = shop.merchant.show(merchantPage('<p>Sign in here.</p>'));
  const late = sign('JOHNDOE001', NOW - 600, { loginUrl: login });
  await page.goto(shop.merchant.show(embedding(shop, [late])));
  const frame = await frameOf(page);
  await expect(frame.getByRole('heading', { level: 1 })).toHaveText('This link is too old');
  await expect.poll(() => heard(page, 'session-ended')).toEqual([{ type: 'session-ended', reason: 'over' }]);
  await frame.getByRole('link', { name: 'Sign in' }).click();
  await expect(page.getByText('Sign in here.')).toBeVisible();
  expect(page.url()).toBe(login);
});

test('messages of others are not heard, and nothing is said to them', async ({ page, shop, watch }) => {
  await openAccount(shop);
  await page.goto(shop.merchant.show(embedding(shop, [sign('JOHNDOE001')])));
  const frame = await frameOf(page);
  await expect(frame.locator('.figure')).toHaveText('$60.50');
  const before = await page.locator('iframe').boundingBox();
  // Another frame on the merchant's page, and the page itself, speak as if they were the portal.
  await page.evaluate(() => {
    for (const message of [{ type: 'paid', payment: '1' }, { type: 'height', height: 9000 }, { type: 'session-ended', reason: 'x' }]) {
      window.postMessage({ blusynergy: 1, ...message }, '*');
    }
    const other = document.createElement('iframe');
    other.srcdoc = `<script>parent.postMessage({ blusynergy: 1, type: 'paid', payment: '2' }, '*')</script>`;
    document.body.append(other);
    return new Promise((loaded) => other.addEventListener('load', loaded));
  });
  // A window that the portal was not framed by speaks to it.
  await frame.evaluate(() => window.postMessage({ blusynergy: 1, type: 'navigate', page: 'account' }, '*'));
  await frame.getByRole('link', { name: 'Invoices', exact: true }).click();
  await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Invoices');
  expect([await heard(page, 'paid'), await heard(page, 'session-ended')]).toEqual([[], []]);
  expect(before.height).toBeLessThan(8000);
  expect(watch.faults).toEqual([]);
});
