// What a customer does on a phone when nothing is to be paid by hand: methods and their order, a payment plan, what was
// ordered and used, a payment and its receipt.
import { expect, test } from '../support/test.js';

test.use({ viewport: { width: 375, height: 700 } });

test('a customer puts the methods in order, replaces one, removes one, and accepts a payment plan', async ({ page, shop }) => {
  await shop.john();
  await shop.offerPlan('JOHNDOE001');
  await shop.keepCard('JOHNDOE001', { expiry: '2011-10' });
  await shop.keepCard('JOHNDOE001', { number: '5555 5555 5555 4444', place: 2 });
  await page.goto(await shop.link('JOHNDOE001', '&page=autopay'));
  const methods = page.getByRole('region', { name: 'Methods on file' }).getByRole('listitem');
  await expect(methods).toHaveText([/Visa •••• 1111.*Expires soon.*First choice/s, /MasterCard •••• 4444.*Second choice/s]);
  await page.getByRole('button', { name: 'Try MasterCard •••• 4444 earlier' }).click();
  await expect(page.getByRole('status')).toContainText('The order was changed');
  await expect(methods).toHaveText([/MasterCard •••• 4444.*First choice/s, /Visa •••• 1111.*Second choice/s]);
  await expect(page.locator('.next-charge')).toContainText('MasterCard •••• 4444');

  await page.getByRole('link', { name: 'Replace Visa •••• 1111' }).click();
  await page.getByLabel('Name on card').fill('John Doe');
  await page.getByLabel('Card number').fill('4111 1111 1111 1111');
  await page.getByLabel('Expiry date').fill('12/35');
  await page.getByLabel('Security code').fill('123');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(methods).toHaveText([/MasterCard •••• 4444/, /Visa •••• 1111.*Second choice.*Expires 12\/35/s]);
  await page.getByRole('link', { name: 'Remove MasterCard •••• 4444' }).click();
  await expect(page.getByText('Your other methods stay')).toBeVisible();
  await page.getByRole('button', { name: 'Remove' }).click();
  await expect(page.getByRole('status')).toContainText('The method was removed');
  await expect(methods).toHaveText([/Visa •••• 1111/]);

  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await page.getByRole('link', { name: 'See the offer' }).click();
  await expect(page.getByText('$20.00').first()).toBeVisible();
  await page.getByRole('button', { name: 'Accept the payment plan' }).click();
  await expect(page.getByRole('heading', { name: 'Your payment plan has begun' })).toBeVisible();
  await shop.advance('2011-09-22T12:00:00Z');
  await page.goto(await shop.link('JOHNDOE001', '&page=paymentPlan'));
  await expect(page.getByText('1 of 4 installments done')).toBeVisible();
  await expect(page.getByRole('row', { name: /Sep 22, 2011.*Paid/ })).toContainText('$20.00');
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(page.locator('.balance .figure')).toHaveText('$40.50');
});

test('where automatic payments may not be switched off, the last method has no way out', async ({ page, shop }) => {
  await shop.profile('allow_autopay_off = false');
  await shop.john();
  await shop.keepCard('JOHNDOE001');
  await page.goto(await shop.link('JOHNDOE001', '&page=autopay'));
  await expect(page.getByText('One method must stay on file')).toBeVisible();
  await page.getByRole('link', { name: 'Remove Visa •••• 1111' }).click();
  await expect(page.getByText('it can’t be removed')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Back', exact: true }).click();
  await page.getByRole('link', { name: 'Replace Visa •••• 1111' }).click();
  await expect(page.getByRole('button', { name: 'Save' })).toBeVisible();
});

test('a customer reads what was ordered and used, finds the payment, and has its receipt mailed', async ({ page, shop }) => {
  await shop.john();
  await shop.keepCard('JOHNDOE001');
  await shop.print(120, '2011-09-22');
  await shop.advance('2011-10-02T12:00:00Z');
  await shop.print(75.5, '2011-10-01');
  await page.goto(await shop.link('JOHNDOE001'));
  await page.getByRole('link', { name: 'Orders', exact: true }).click();
  await page.getByRole('link', { name: 'White label A' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/White label A/);
  await expect(page.getByRole('row', { name: /75\.5.*Not billed yet/ })).toBeVisible();
  await expect(page.getByRole('row', { name: /Sep 22.*120/ })).not.toContainText('Not billed yet');
  await page.getByRole('link', { name: 'Invoices', exact: true }).click();
  await page.getByRole('link', { name: /^Invoice \d+/ }).first().click();
  await expect(page.getByRole('table').first()).toContainText('Printed pages');

  await page.getByRole('link', { name: 'Payments', exact: true }).click();
  const search = page.getByRole('search', { name: 'Find payments' });
  await search.getByLabel('Status').selectOption('Paid');
  await search.getByLabel('To').fill('2011-09-30');
  await search.getByRole('button', { name: 'Search' }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('link', { name: 'Payment 1001' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment received');
  await page.getByRole('button', { name: 'Email the receipt' }).click();
  await expect(page.getByRole('status')).toContainText('It is on its way to jdoe001@example.com.');
  expect(await shop.mail(/payment|receipt/i)).toContain('60.50');
  // On paper there is nothing to press.
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('button', { name: 'Email the receipt' })).toBeHidden();
  await expect(page.getByRole('navigation')).toBeHidden();
  await expect(page.getByText('Visa •••• 1111')).toBeVisible();
});
