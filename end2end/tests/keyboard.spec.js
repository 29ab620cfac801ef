// Paying without a mouse.
import { expect, test } from '../support/test.js';

const TABS_MAX = 30;

// Goes on with Tab until that is focused, and sees where the focus is all the way.
async function tabTo(page, role, name) {
  const target = page.getByRole(role, { name });
  for (let n = 0; n < TABS_MAX; n += 1) {
    await page.keyboard.press('Tab');
    expect(await isFocusSeen(page), `where the focus is, on the way to ${name}`).toBe(true);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

function isFocusSeen(page) {
  return page.evaluate(() => {
    const seen = (element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    };
    const focused = document.activeElement;
    // A box may show the focus of what is inside.
    return seen(focused) || seen(focused, '::after') || seen(focused.closest('label, tr, li') ?? focused);
  });
}

test('a customer signs in, pays and downloads with the keyboard alone', async ({ page, shop }) => {
  await shop.john();
  await page.goto(`${shop.origin}/widget/login`);
  await tabTo(page, 'textbox', 'Username');
  await page.keyboard.type('jdoe001');
  await tabTo(page, 'textbox', 'Password');
  await page.keyboard.type('Welcome2011');
  await page.keyboard.press('Enter');

  await expect(page.locator('.figure')).toHaveText('$60.50');
  await tabTo(page, 'link', 'Pay now');
  await page.keyboard.press('Enter');

  await page.waitForURL(/\/pay$/);
  await expect(page.locator('output')).toHaveText('$60.50');
  await tabTo(page, 'checkbox', /Invoice 1019/);
  await expect(async () => {
    if (await page.getByRole('checkbox').isChecked()) await page.keyboard.press('Space');
    await expect(page.locator('output')).toHaveText('$0.00', { timeout: 200 });
  }).toPass();
  await page.keyboard.press('Space');
  await expect(page.locator('output')).toHaveText('$60.50');
  await tabTo(page, 'button', 'Continue');
  await page.keyboard.press('Enter');

  await page.waitForURL(/\/pay\/card/);
  for (const [name, text] of [
    ['Name on card', 'John Doe'],
    ['Card number', '4111111111111111'],
    ['Expiry date', '12/35'],
    ['Security code', '123'],
  ]) {
    await tabTo(page, 'textbox', name);
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');

  await page.waitForURL(/\/pay\/confirm/);
  await tabTo(page, 'button', 'Pay $60.50');
  await page.keyboard.press('Enter');

  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Payment received');
  await tabTo(page, 'link', 'Invoice PDF');
  const started = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  expect((await started).suggestedFilename()).toBe('invoice-1019.pdf');
});

test('after an error the keyboard leads from the message to the field', async ({ page, shop }) => {
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  await page.getByRole('link', { name: 'Pay now' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(/\/pay\/card/);
  await tabTo(page, 'textbox', 'Name on card');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('Please correct');
  await expect(page).toHaveTitle(/^Error: /);
  await tabTo(page, 'link', 'Enter the card number.');
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Card number')).toBeFocused();
  await expect(page.getByLabel('Card number')).toHaveAccessibleDescription('Enter the card number.');
});
