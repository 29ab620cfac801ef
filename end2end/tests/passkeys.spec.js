// A passkey of a phone: added, used in a merchant's frame, taken away.
import { page as merchantPage } from '../support/merchant.js';
import { addPasskey, phoneOf } from '../support/phone.js';
import { frameOf, signIn } from '../support/portal.js';
import { PASSWORD } from '../support/shop.js';
import { expect, test } from '../support/test.js';

// The merchant's page lets the frame ask for passkeys.
const framing = (src) =>
  merchantPage(
    `<iframe title="Account" allow="publickey-credentials-get; publickey-credentials-create" src="${src}"></iframe>`,
  );

test('a customer adds a passkey, signs in with it in a frame, and takes it away', async ({ page, shop }) => {
  await shop.john();
  const { devtools, authenticatorId } = await phoneOf(page);

  await page.goto(`${shop.origin}/widget/login`);
  await signIn(page, 'jdoe001', PASSWORD);
  await addPasskey(page);
  const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId });
  expect(credentials.map(({ rpId, isResidentCredential }) => [rpId, isResidentCredential])).toEqual([
    ['acme.localhost', true],
  ]);
  const security = page.url();

  await page.goto(shop.merchant.show(framing(`${shop.origin}/widget/login`)));
  const frame = await frameOf(page);
  await frame.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(frame.getByRole('link', { name: 'Pay now' })).toBeVisible();

  await page.goto(security);
  await page.getByRole('button', { name: /^Remove.*My phone/ }).click();
  await expect(page.getByRole('status')).toContainText('The passkey is removed');
  await page.goto(`${shop.origin}/widget/login`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('not right');
});

test('a customer who has a passkey confirms a new email address with it, and needs no password', async ({ page, shop }) => {
  await shop.john();
  const { devtools, authenticatorId } = await phoneOf(page);
  await page.goto(`${shop.origin}/widget/login`);
  await signIn(page, 'jdoe001', PASSWORD);
  await addPasskey(page);
  await shop.advance('2011-09-20T12:06:00Z');
  await page.goto(page.url().replace('/passkeys', '/email'));
  await expect(page.getByLabel('Current password')).toBeVisible();
  // The finger is not read.
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.getByRole('button', { name: 'Confirm with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('or type your password');
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await page.getByRole('button', { name: 'Confirm with a passkey' }).click();
  await page.getByLabel('Email address').fill('johnny@example.com');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toContainText('Your email address is changed');
  await expect(page.getByText('johnny@example.com')).toBeVisible();
});

test('without a passkey to ask for, the page says so and stays', async ({ page, shop }) => {
  await shop.john();
  await phoneOf(page);
  await page.goto(`${shop.origin}/widget/login`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('did not work');
  await signIn(page, 'jdoe001', PASSWORD);
  await expect(page.getByRole('link', { name: 'Pay now' })).toBeVisible();
});
