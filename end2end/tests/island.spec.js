// Choosing what to pay: live where script runs, the same without it.
import { enterCard } from '../support/portal.js';
import { expect, test } from '../support/test.js';

// Invoice 1019 for 60.50 and invoice 1020 for 1,234.00.
async function open(page, shop) {
  await shop.john();
  await shop.order('JOHNDOE001', 'STARTER');
  await page.goto(await shop.link('JOHNDOE001'));
  await page.getByRole('link', { name: 'Pay now' }).click();
}

const box = (page, number) => page.getByRole('checkbox', { name: new RegExp(`Invoice ${number}`) });
const total = (page) => page.locator('output');
const go = (page) => page.getByRole('button', { name: 'Continue' });

// Where it lives, Continue refuses while nothing is chosen.
async function expectAlive(page) {
  await expect(async () => {
    await box(page, 1019).setChecked(false);
    await box(page, 1020).setChecked(false);
    await expect(go(page)).toBeDisabled({ timeout: 200 });
  }).toPass();
}

test('the total follows the boxes, and Continue waits until something is chosen', async ({ page, shop }) => {
  await open(page, shop);
  await expect(total(page)).toHaveText('$1,294.50');
  await expectAlive(page);
  await expect(total(page)).toHaveText('$0.00');
  await expect(page.getByText('Selected invoices: 0')).toBeVisible();
  await box(page, 1019).check();
  await expect(total(page)).toHaveText('$60.50');
  await expect(page.getByText('Selected invoices: 1')).toBeVisible();
  await expect(go(page)).toBeEnabled();
  await expect(page.getByRole('button', { name: 'Update total' })).toHaveCount(0);
  await box(page, 1020).check();
  await expect(total(page)).toHaveText('$1,294.50');
  await box(page, 1019).uncheck();
  await go(page).click();
  await expect(page.locator('.figure')).toHaveText('$1,234.00');
});

test('a choice that was made before Back is still there, with its total', async ({ page, shop }) => {
  await open(page, shop);
  await expectAlive(page);
  await box(page, 1020).check();
  await go(page).click();
  await page.getByRole('link', { name: 'Back' }).click();
  await expect(box(page, 1019)).not.toBeChecked();
  await expect(total(page)).toHaveText('$1,234.00');
});

test('another amount is what the bar shows while it is typed, and again after Back', async ({ page, shop }) => {
  await shop.profile('free_amount = true');
  await open(page, shop);
  const amount = page.getByLabel('Amount', { exact: true });
  const label = page.locator('.total-bar-sum span');
  await expect(async () => {
    await page.getByLabel('Another amount').check();
    await expect(total(page)).toHaveText('–', { timeout: 200 });
  }).toPass();
  await expect(label).toHaveText('Another amount');
  for (const [typed, shown] of [['1,500.5', '$1,500.50'], ['twenty', '–'], ['20,5', '$20.50']]) {
    await amount.fill(typed);
    await expect(total(page)).toHaveText(shown);
  }
  await go(page).click();
  await expect(page.locator('.figure')).toHaveText('$20.50');
  await page.getByRole('link', { name: 'Back' }).click();
  await expect(total(page)).toHaveText('$20.50');
  await page.getByLabel('All that is selected').check();
  await expect(total(page)).toHaveText('$1,294.50');
  await expect(label).toHaveText('Selected invoices: 2');
});

test.describe('without script', () => {
  test.use({ javaScriptEnabled: false });

  test('another amount is shown with the next page', async ({ page, shop }) => {
    await shop.profile('free_amount = true');
    await open(page, shop);
    await page.getByLabel('Another amount').check();
    await page.getByLabel('Amount', { exact: true }).fill('12.5');
    await page.getByRole('button', { name: 'Update total' }).click();
    await expect(total(page)).toHaveText('$12.50');
  });

  test('the same choice works, and the next page shows its total', async ({ page, shop }) => {
    await open(page, shop);
    await expect(total(page)).toHaveText('$1,294.50');
    await box(page, 1019).uncheck();
    await page.getByRole('button', { name: 'Update total' }).click();
    await expect(total(page)).toHaveText('$1,234.00');
    await expect(box(page, 1019)).not.toBeChecked();
    await go(page).click();
    await expect(page.locator('.figure')).toHaveText('$1,234.00');
    await expect(page.getByRole('term')).toHaveText(['Invoice 1020']);
  });

  test('who chooses nothing is told so, and can go back', async ({ page, shop, watch }) => {
    watch.expect(/^status: 400 /, /^console: .*status of 400 /);
    await open(page, shop);
    await box(page, 1019).uncheck();
    await box(page, 1020).uncheck();
    await go(page).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(go(page)).toBeVisible();
  });
});

for (const kind of ['wasm', 'js']) {
  test(`a page that never gets its ${kind} file lets the customer choose and pay`, async ({ page, shop, watch }) => {
    watch.expect(new RegExp(`^failed: .*\\.${kind} net::ERR_FAILED`), /^console: Failed to load resource/, /^script: /);
    const lost = page.waitForEvent('requestfailed');
    await page.route(`**/pkg/*.${kind}`, (route) => route.abort());
    await open(page, shop);
    await lost;
    await box(page, 1020).uncheck();
    await go(page).click();
    await expect(page.locator('.figure')).toHaveText('$60.50');
    await enterCard(page);
    await page.getByRole('button', { name: 'Pay $60.50' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment received');
  });
}

test('pages without islands carry nothing but their own small script', async ({ page, shop }) => {
  const scripts = [];
  page.on('request', (request) => {
    if (/\.(js|wasm)$/.test(request.url())) scripts.push(request.url());
  });
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  await expect(page.locator('script')).toHaveCount(1);
  await page.goto(`${shop.origin}/widget/login`);
  await page.waitForLoadState('networkidle');
  expect(scripts.filter((url) => url.includes('/pkg/'))).toEqual([]);
});
