// The story that the product exists for, in every way a browser may treat cookies and script.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { COOKIE_MODES } from '../support/browser.js';
import { frames } from '../support/merchant.js';
import { enterCard, frameOf, signIn } from '../support/portal.js';
import { PASSWORD, idOf, value } from '../support/shop.js';
import { expect, test } from '../support/test.js';

for (const cookies of COOKIE_MODES) {
  for (const javaScriptEnabled of [true, false]) {
    test.describe(`${cookies}, ${javaScriptEnabled ? 'with' : 'without'} script`, () => {
      test.use({ cookies, javaScriptEnabled });
      test('a customer pays invoice 1019 in a frame, signs in again and downloads it', story);
    });
  }
}

test.describe('on PostgreSQL', () => {
  test.use({ cookies: 'third-party cookies blocked', database: 'PostgreSQL' });
  test('a customer pays invoice 1019 in a frame, signs in again and downloads it', story);
});

for (const cookies of COOKIE_MODES) {
  test.describe(cookies, () => {
    test.use({ cookies });
    test('a frame keeps just the cookies that this setting allows', async ({ page, shop }) => {
      await page.goto(shop.merchant.show(frames(shop.merchant.probe)));
      const frame = await frameOf(page);
      await frame.goto(shop.merchant.probe);
      const plain = cookies === 'all cookies allowed';
      const partitioned = cookies !== 'all cookies blocked';
      await expect(frame.getByText('plain: ')).toHaveText(`plain: ${plain}, partitioned: ${partitioned}`);
    });
  });
}

async function story({ page, shop, cookies, browser }) {
  const ordered = await shop.john();
  expect(value(ordered, 'invoiceNumber')).toBe('1019');
  expect(value(ordered, 'totalDue')).toBe('60.50');
  const link = await shop.link('JOHNDOE001');

  await page.goto(shop.merchant.show(frames(link)));
  const frame = await frameOf(page);
  await expect(frame.locator('.figure')).toHaveText('$60.50');
  await expect(frame.getByRole('row', { name: /1019/ })).toContainText('$60.50');
  await expectBinding(page, frame, cookies, browser);

  await payByCard(frame);
  await signOutAndIn(frame);
  await expectDownload(page, frame);
  await expectPaid(shop, ordered);
}

// A session whose cookie came back belongs to this browser: its address alone opens nothing.
async function expectBinding(page, frame, cookies, browser) {
  const kept = (await page.context().cookies()).filter((cookie) => cookie.name.startsWith('bs_'));
  if (cookies === 'all cookies blocked') {
    expect(kept).toEqual([]);
    return;
  }
  expect(kept).toHaveLength(1);
  expect(kept[0]).toMatchObject({ httpOnly: true, secure: true, sameSite: 'None' });
  expect(kept[0].partitionKey).toContain('http://127.0.0.1');
  // The cookie comes back with the second request.
  await frame.getByRole('link', { name: 'Home', exact: true }).click();
  const elsewhere = await browser.newPage();
  await elsewhere.goto(frame.url());
  await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('Sign in to your account');
  await expect(elsewhere.locator('body')).not.toContainText('60.50');
  await elsewhere.close();
}

async function payByCard(frame) {
  await frame.getByRole('link', { name: 'Pay now' }).click();
  await expect(frame.getByRole('checkbox', { name: /Invoice 1019/ })).toBeChecked();
  await expect(frame.locator('output')).toHaveText('$60.50');
  await frame.getByRole('button', { name: 'Continue' }).click();
  await enterCard(frame);
  await expect(frame.getByText('Visa •••• 1111')).toBeVisible();
  await frame.getByRole('button', { name: 'Pay $60.50' }).click();
  await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Payment received');
  await expect(frame.locator('.badge')).toHaveText('Paid');
  await frame.getByRole('link', { name: 'Back to home' }).click();
  await expect(frame.locator('.figure')).toHaveText('$0.00');
}

async function signOutAndIn(frame) {
  const signedIn = frame.url();
  await frame.getByRole('button', { name: 'Sign out' }).click();
  await expect(frame.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
  await frame.goto(signedIn);
  await expect(frame.getByRole('heading', { level: 1 })).toHaveText('Sign in to your account');
  await signIn(frame, 'jdoe001', PASSWORD);
  await expect(frame.locator('.figure')).toHaveText('$0.00');
}

async function expectDownload(page, frame) {
  await frame.getByRole('link', { name: 'Invoices', exact: true }).click();
  await frame.getByRole('link', { name: 'Invoice 1019' }).click();
  const started = page.waitForEvent('download');
  await frame.getByRole('link', { name: 'Download PDF' }).click();
  const download = await started;
  expect(download.suggestedFilename()).toBe('invoice-1019.pdf');
  const file = await download.path();
  expect((await readFile(file)).subarray(0, 5).toString()).toBe('%PDF-');
  const { stdout } = await promisify(execFile)('pdftotext', ['-layout', file, '-']);
  for (const text of ['Acme Hosting', '1019', 'John Doe', 'White label hosting', '$60.50']) expect(stdout).toContain(text);
}

async function expectPaid(shop, ordered) {
  const invoice = await shop.api('GET', `/rest/invoice/${idOf(ordered, 'invoice')}`);
  expect(value(invoice, 'status')).toBe('Paid');
  expect(value(invoice, 'outstandingBalance')).toBe('0.00');
  const customer = await shop.api('GET', `/rest/customer/${idOf(ordered, 'customer')}`);
  expect(value(customer, 'outstandingBalance')).toBe('0.00');
}
