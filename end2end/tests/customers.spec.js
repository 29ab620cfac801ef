// Four customers, each of whom sees a page made for them, on a phone and on a desktop.
import { enterCard } from '../support/portal.js';
import { WIDTHS } from '../support/states.js';
import { expect, test } from '../support/test.js';

// What they see at each width; nothing is cut off.
async function atEachWidth(page, look) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    await look(width);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  }
}

test('a customer who is new sees what will be here, and nothing to pay', async ({ page, shop }) => {
  await shop.createCustomer('NEW1', 'newcomer', 'Zoë Łukasz 山田');
  await page.goto(await shop.link('NEW1'));
  await atEachWidth(page, async () => {
    await expect(page.locator('.balance .figure')).toHaveText('$0.00');
    await expect(page.getByRole('link', { name: 'Pay now' })).toHaveCount(0);
    await expect(page.getByText('No invoices yet')).toBeVisible();
    await expect(page.getByRole('searchbox')).toHaveCount(0);
  });
});

const INVOICES = 5000;

test('a customer with five thousand invoices sees the ten that matter, finds any, and pays the oldest at once', async ({ page, shop }) => {
  await shop.createCustomer('BIG1', 'bigcustomer', 'Big Customer');
  await shop.invoices('BIG1', INVOICES);
  await page.goto(await shop.link('BIG1'));
  await atEachWidth(page, async () => {
    await expect(page.locator('.balance .figure')).toHaveText('$302,500.00');
    expect(await page.getByRole('row').count()).toBeLessThanOrEqual(11);
  });
  await page.getByRole('link', { name: 'Invoices', exact: true }).click();
  await expect(page.getByText('1–20 of 5,000')).toBeVisible();
  await page.getByRole('link', { name: 'Older' }).click();
  await expect(page.getByText('21–40 of 5,000')).toBeVisible();
  await page.getByLabel('Number begins with').fill('3500');
  await page.getByRole('button', { name: 'Search' }).click();
  await atEachWidth(page, () => expect(page.getByRole('link', { name: 'Invoice 3500' })).toBeVisible());
  await page.getByRole('link', { name: 'Invoice 3500' }).click();
  await page.getByRole('link', { name: /^Pay / }).click();
  await atEachWidth(page, () => expect(page.locator('output')).toHaveText('$60.50'));
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await page.getByRole('link', { name: 'Pay now' }).click();
  await expect(page.getByText('Open invoices: 5,000. Listed here are the oldest 500')).toBeVisible();
  await page.getByRole('button', { name: 'Continue' }).click();
  await enterCard(page);
  await page.getByRole('button', { name: 'Pay $30,250.00' }).click();
  await expect(page.getByRole('heading', { name: 'Payment received' })).toBeVisible();
  await page.getByRole('link', { name: 'Home', exact: true }).click();
  await expect(page.locator('.balance .figure')).toHaveText('$272,250.00');
});

test('a customer who is late is told which invoice, and whoever is suspended, what restores the service', async ({ page, shop }) => {
  await shop.john();
  await shop.advance('2011-09-28T12:00:00Z');
  for (const [change, title, text] of [
    ['<status>Overdue1</status>', 'Your account is overdue', 'Pay the overdue invoice 1019 so that your service goes on.'],
    ['<status>Suspended1</status>', 'Your account is suspended', 'Pay the overdue invoice 1019 to have your service restored.'],
  ]) {
    await shop.api('PUT', '/rest/customer?extCustomerRef=JOHNDOE001', `<customer>${change}</customer>`);
    await page.goto(await shop.link('JOHNDOE001'));
    await atEachWidth(page, async () => {
      await expect(page.getByRole('heading', { name: title })).toBeVisible();
      await expect(page.getByText(text)).toBeVisible();
      await expect(page.locator('.balance-note.late')).toBeVisible();
      await expect(page.getByRole('link', { name: 'Pay now' })).toBeInViewport();
    });
  }
});
