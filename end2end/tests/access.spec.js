// Ways back into an account, and out of it everywhere else.
import { page as merchantPage } from '../support/merchant.js';
import { snippets } from '../support/documentation.js';
import { enterCard, frameOf, signIn } from '../support/portal.js';
import { PASSWORD, value } from '../support/shop.js';
import { expect, test } from '../support/test.js';

const PHONE = { viewport: { width: 375, height: 700 } };
const NEW = 'correct horse battery';

test.describe('on a phone', () => {
  test.use(PHONE);
  test('who has forgotten user name and password comes back through the page that the documentation shows', async ({ page, shop }) => {
    const [, leading] = snippets('html', shop);
    const account = shop.merchant.show(
      merchantPage(`<div id="account"></div><script src="${shop.origin}/embed.js"></script>${leading}`),
    );
    await shop.profile(`page_url = "${account}"`);
    await shop.john();
    await page.goto(account);
    const frame = await frameOf(page);
    await frame.getByRole('link', { name: 'Forgot your user name?' }).click();
    await frame.getByLabel('Email address').fill('jdoe001@example.com');
    await frame.getByRole('button', { name: 'Send' }).click();
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Look into your mail');
    expect(await shop.mail(/user name/i)).toContain('jdoe001');
    await frame.getByRole('link', { name: 'Back to sign-in' }).click();
    await frame.getByRole('link', { name: 'Forgot your password?' }).click();
    await frame.getByLabel('Username').fill('jdoe001');
    await frame.getByRole('button', { name: 'Send' }).click();
    await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Look into your mail');

    const link = /http:\S+trackingId=[0-9a-f]+/.exec(await shop.mail(/password/i))[0];
    expect(link.startsWith(account)).toBe(true);
    await page.goto(link);
    const chosen = await frameOf(page);
    await chosen.getByLabel('New password', { exact: true }).fill(NEW);
    await chosen.getByLabel('New password again').fill('another one');
    await chosen.getByRole('button', { name: 'Save the new password' }).click();
    await expect(chosen.getByRole('alert')).toContainText('The two passwords are not the same');
    await chosen.getByLabel('New password', { exact: true }).fill(NEW);
    await chosen.getByLabel('New password again').fill(NEW);
    await chosen.getByRole('button', { name: 'Save the new password' }).click();
    await expect(chosen.getByRole('status')).toContainText('Your new password is saved');
    await signIn(chosen, 'jdoe001', PASSWORD);
    await expect(chosen.getByRole('alert')).toContainText('not right');
    await signIn(chosen, 'jdoe001', NEW);
    await expect(chosen.locator('.figure')).toHaveText('$60.50');
  });
});

// Until the page says that the session is over, with this typed into a form.
async function restTooLong(page, shop, phone) {
  await page.clock.install();
  await page.goto(`${shop.origin}/widget/login`);
  await signIn(page, 'jdoe001', PASSWORD);
  await page.getByRole('link', { name: 'Account', exact: true }).click();
  await page.getByRole('link', { name: 'Edit contact and address' }).first().click();
  await page.getByLabel('Phone at work').fill(phone);
  // Typing has used it, after five minutes.
  const used = page.waitForResponse(/\/keep$/);
  await page.clock.runFor(6 * 60_000);
  await used;
  await page.clock.runFor(31 * 60_000);
  await shop.advance('2011-09-20T12:31:10Z');
  await page.getByRole('dialog', { name: 'Your session is over' }).getByRole('link', { name: 'Sign in' }).click();
}

test('who comes back after too long a rest finds the page again, and what was typed', async ({ page, shop }) => {
  await shop.john();
  await restTooLong(page, shop, '555 0199');
  await signIn(page, 'jdoe001', 'wrong');
  await expect(page.getByRole('alert')).toContainText('not right');
  await signIn(page, 'jdoe001', PASSWORD);
  await expect(page.getByLabel('Phone at work')).toHaveValue('555 0199');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('555 0199')).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('what one customer has typed is not there for the next', async ({ page, shop }) => {
  await shop.john();
  await shop.createCustomer('JANE', 'jane0001', 'Jane Roe');
  await restTooLong(page, shop, '555 0199');
  await signIn(page, 'jane0001', PASSWORD);
  await expect(page.getByLabel('Phone at work')).not.toHaveValue('555 0199');
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('a session that is ended on the phone is over at once on the desktop, whose form leads to the login and back', async ({ page, browser, shop, watch }) => {
  await shop.john();
  await page.goto(`${shop.origin}/widget/login`);
  await signIn(page, 'jdoe001', PASSWORD);
  await page.getByRole('link', { name: 'Pay now' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Name on card').fill('John Doe');

  const phone = await browser.newContext({ ...PHONE, userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1' });
  watch.over(phone, [shop.origin]);
  const held = await phone.newPage();
  await held.goto(`${shop.origin}/widget/login`);
  await signIn(held, 'jdoe001', PASSWORD);
  await held.getByRole('link', { name: 'Account', exact: true }).click();
  await held.getByRole('link', { name: /Sign-in and security/ }).click();
  const sessions = held.getByRole('region', { name: 'Where you are signed in' }).getByRole('listitem');
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'This device' })).toContainText('Safari on iPhone');
  expect(await shop.mail(/new sign-in/i)).toContain('Safari on iPhone');
  await held.getByRole('button', { name: /^Sign out.*Linux/ }).click();
  await expect(held.getByRole('status')).toContainText('The session is ended');
  await expect(sessions).toHaveCount(1);
  const listed = await shop.api('GET', '/rest/widget/sessions?extCustomerRef=JOHNDOE001');
  expect(listed.match(/<session /g)).toHaveLength(1);
  expect(value(listed, 'device')).toBe('Safari on iPhone');

  await page.getByLabel('Card number').fill('4111 1111 1111 1111');
  await page.getByLabel('Expiry date').fill('12/35');
  await page.getByLabel('Security code').fill('123');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to your account');
  await signIn(page, 'jdoe001', PASSWORD);
  await enterCard(page);
  await expect(page.getByRole('button', { name: 'Pay $60.50' })).toBeVisible();

  await changeSignIn(held);
  await page.getByRole('button', { name: 'Pay $60.50' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to your account');
  expect(await shop.api('GET', '/rest/payments?extCustomerRef=JOHNDOE001')).not.toContain('<payment ');
  await signIn(page, 'johnny01', NEW);
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveText('Sign in to your account');
  await phone.close();
});

// User name, address for mails and password, one after the other; the current password is asked for once.
async function changeSignIn(at) {
  await at.getByRole('link', { name: /: Username$/i }).click();
  await at.getByLabel('Current password').fill(PASSWORD);
  await at.getByRole('button', { name: 'Continue' }).click();
  await at.getByLabel('Username').fill('johnny01');
  await at.getByRole('button', { name: 'Save' }).click();
  await expect(at.getByRole('status')).toContainText('Your user name is changed');
  await at.getByRole('link', { name: /: Email address$/ }).click();
  await at.getByLabel('Email address').fill('johnny@example.com');
  await at.getByRole('button', { name: 'Save' }).click();
  await expect(at.getByRole('status')).toContainText('Your email address is changed');
  await at.getByRole('link', { name: /: Password$/ }).click();
  await at.getByLabel('New password', { exact: true }).fill(NEW);
  await at.getByLabel('New password again').fill(NEW);
  await at.getByRole('button', { name: 'Save' }).click();
  await expect(at.getByRole('status')).toContainText('Your password is changed');
}
