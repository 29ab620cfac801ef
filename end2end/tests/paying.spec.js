// Paying what one likes with what is on file, and paying without a login.
import { enterCard, quickPay } from '../support/portal.js';
import { expect, test } from '../support/test.js';

test('a card is saved with help, pays a part, and is charged the rest', async ({ page, shop }) => {
  await shop.profile('free_amount = true');
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  await page.getByRole('link', { name: 'Manage' }).click();
  await page.getByRole('link', { name: 'Add a card' }).click();
  await expectHelp(page);
  await page.getByLabel('Name on card').fill('John Doe');
  await page.getByLabel('Security code').fill('123');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('heading', { name: 'The method was saved' })).toBeVisible();
  await expect(page.locator('.next-charge .figure')).toHaveText('$60.50');

  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await page.getByRole('link', { name: 'Pay now' }).click();
  const amount = page.getByLabel('Amount', { exact: true });
  await expect(amount).toBeHidden();
  await page.getByLabel('Another amount').check();
  await amount.fill('20,50');
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByLabel('Visa •••• 1111')).toBeChecked();
  await page.getByRole('button', { name: 'Continue' }).click();
  await expect(page.getByText('Still to pay after this')).toBeVisible();
  await page.getByRole('button', { name: 'Pay $20.50' }).click();
  await expect(page.getByRole('heading', { name: 'Payment received' })).toBeVisible();
  await shop.advance('2011-09-21T12:00:00Z');
  await page.goto(await shop.link('JOHNDOE001'));
  await expect(page.locator('.balance .figure')).toHaveText('$0.00');
});

// Digits come in groups, the brand is told, a slip is seen at once, and the slash comes by itself.
async function expectHelp(page) {
  const number = page.getByLabel('Card number');
  await expect(async () => {
    await number.fill('');
    await number.pressSequentially('4111111111111112');
    await expect(number).toHaveValue('4111 1111 1111 1112', { timeout: 500 });
  }).toPass();
  await expect(page.locator('[data-brand="Visa"]')).toBeVisible();
  await expect(number).toHaveAttribute('aria-invalid', 'true');
  await expect(number).toHaveAccessibleDescription(/without typing errors/);
  await number.press('Backspace');
  await number.press('1');
  await expect(number).not.toHaveAttribute('aria-invalid');
  await page.getByLabel('Expiry date').pressSequentially('935');
  await expect(page.getByLabel('Expiry date')).toHaveValue('09/35');
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 375, height: 700 } });
  test('whoever knows number and balance pays an invoice, and sees nothing else', async ({ page, shop }) => {
    await shop.john();
    await quickPay(page, shop.origin, '1019', '60.51');
    await expect(page.getByRole('alert')).toContainText('We found no invoice');
    await expect(page.getByLabel('Invoice number')).toHaveValue('1019');
    await page.getByLabel('Exact balance due').fill('60,50');
    await page.getByRole('button', { name: 'Continue' }).click();
    await enterCard(page);
    await page.getByRole('button', { name: 'Pay $60.50' }).click();
    await expect(page.getByRole('heading', { name: 'Payment received' })).toBeVisible();
    await expect(page.getByRole('navigation')).toHaveCount(0);
    await page.goBack();
    await page.goBack();
    await expect(page.getByRole('heading', { name: 'There is nothing to pay' })).toBeVisible();
  });
});
