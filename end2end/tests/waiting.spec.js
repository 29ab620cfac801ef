// Long work shows itself and is not begun twice; what is done is not done again by going back.
import { readFile } from 'node:fs/promises';
import { sendMuch } from '../support/error_states.js';
import { unanswered } from '../support/payment_states.js';
import { enterCard, pay } from '../support/portal.js';
import { expect, test } from '../support/test.js';

// Answers what is sent to these addresses only when told to; how often it was sent.
async function slow(page, pattern, method) {
  const slowed = { count: 0 };
  slowed.answered = new Promise((answer) => (slowed.answer = answer));
  await page.route(pattern, async (route) => {
    if (route.request().method() !== method) return route.fallback();
    slowed.count += 1;
    await slowed.answered;
    return route.continue();
  });
  return slowed;
}

async function confirming(page, shop) {
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  await page.getByRole('link', { name: 'Pay now' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await enterCard(page);
}

test('a payment that is sent says so, and a second press sends nothing', async ({ page, shop }) => {
  await confirming(page, shop);
  // In one go: a page that is about to be left is not looked at any more.
  const seen = await page.evaluate(() => {
    let sent = 0;
    window.addEventListener('submit', (submit) => (sent += submit.defaultPrevented ? 0 : 1));
    const button = document.querySelector('.confirm button');
    for (let press = 0; press < 3; press += 1) button.click();
    return { sent, isOff: button.getAttribute('aria-disabled'), note: document.querySelector('.confirm .busy-note').textContent };
  });
  expect(seen).toEqual({ sent: 1, isOff: 'true', note: 'Your payment is being confirmed. This can take a moment.' });
  await expect(page.getByRole('heading', { name: 'Payment received' })).toBeVisible();
});

test.describe('with a bank that does not answer', () => {
  test.use({ live: true });
  test('a payment waits, its invoice is not paid twice, and the page says by itself when it is received', async ({ page, shop }) => {
    await unanswered(page, shop);
    const waiting = page.url();
    await expect(page.locator('.result')).toContainText('Please don’t pay again');

    await page.getByRole('link', { name: 'Back to home' }).click();
    await expect(page.getByRole('table', { name: 'Open invoices' })).toContainText('Pending');
    await expect(page.getByRole('link', { name: /^Pay (now|invoice)/ })).toHaveCount(0);

    await page.goto(waiting);
    await shop.stripe.tellOfSale(shop);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment received');
    await expect(page.locator('.figure')).toHaveText('$1,234.00');
    await page.getByRole('link', { name: 'Back to home' }).click();
    await expect(page.locator('.figure')).toHaveText('$0.00');
  });
});

test('a file that takes its time says so, is made once and is saved', async ({ page, shop }) => {
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  await page.getByRole('link', { name: 'Invoice 1019', exact: true }).click();
  for (const [name, file, start] of [['Download PDF', 'invoice-1019.pdf', '%PDF'], ['Download lines (CSV)', 'invoice-1019.csv', '']]) {
    const asked = await slow(page, `**/${file.split('.')[1]}`, 'GET');
    const link = page.getByRole('link', { name });
    await link.click();
    await expect(page.locator('.busy-note')).toHaveText('Your file is being made.');
    await expect(link).toHaveAttribute('aria-disabled', 'true');
    await link.focus();
    await page.keyboard.press('Enter');
    const saving = page.waitForEvent('download');
    asked.answer();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe(file);
    expect(await readFile(await saved.path(), 'latin1')).toContain(start);
    await expect(link).not.toHaveAttribute('aria-disabled');
    await expect(page.locator('.busy-note')).toHaveText('');
    expect(asked.count).toBe(1);
  }
});

test('a file that can’t be made leads to the page that says why', async ({ page, shop, watch }) => {
  watch.expect(/^status: 410 /, /^console: .*status of 410 /);
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  await page.getByRole('link', { name: 'Invoice 1019', exact: true }).click();
  await shop.advance('2011-09-20T12:31:00Z');
  await page.getByRole('link', { name: 'Download PDF' }).click();
  await expect(page.getByRole('heading', { name: 'Your session is over' })).toBeVisible();
});

test('an invoice and a receipt are printed from the frame they are in', async ({ page, shop }) => {
  await page.addInitScript(() => (window.print = () => (document.title = 'printed')));
  await confirming(page, shop);
  await page.getByRole('button', { name: 'Pay $60.50' }).click();
  for (const leave of [() => page.getByRole('link', { name: '1019' }).click(), () => {}]) {
    await page.getByRole('button', { name: 'Print' }).click();
    await expect(page).toHaveTitle('printed');
    await page.emulateMedia({ media: 'print' });
    for (const role of ['button', 'navigation', 'contentinfo']) await expect(page.getByRole(role)).toHaveCount(0);
    await expect(page.getByText('$60.50').first()).toBeVisible();
    await page.emulateMedia({ media: 'screen' });
    await leave();
  }
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with script' : 'without script', () => {
    test.use({ javaScriptEnabled });
    test('whoever goes back after paying finds nothing to pay a second time', async ({ page, shop, watch }) => {
      watch.expect(/^status: 400 /, /^console: .*status of 400 /);
      await shop.john();
      await page.goto(await shop.link('JOHNDOE001'));
      await pay(page);
      await page.getByRole('heading', { name: 'Payment received' }).waitFor();
      await page.goBack();
      await expect(page.getByRole('heading', { name: 'There is nothing to confirm' })).toBeVisible();
      await expect(page.getByRole('button', { name: /^Pay / })).toHaveCount(0);
      // The card's page: what it was for is paid, and its fields are gone.
      await page.goBack();
      await expect(page.getByLabel('Card number')).toHaveCount(0);
      await expect(page.getByRole('alert')).toBeVisible();
      await page.getByRole('link', { name: 'Home', exact: true }).click();
      await expect(page.locator('.figure')).toHaveText('$0.00');
    });
  });
}

test('ten megabytes in a form are answered by a page that says so', async ({ page, shop, watch }) => {
  watch.expect(/^status: 413 /, /^console: .*status of 413 /);
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  await sendMuch(page, 10);
  await expect(page.getByRole('heading', { name: 'This is too much' })).toBeVisible();
});
