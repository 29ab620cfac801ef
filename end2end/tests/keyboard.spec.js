// What a customer does without a mouse.
import { press, tabTo, typeInto } from '../support/keyboard.js';
import { codeOf } from '../support/security_states.js';
import { PASSWORD } from '../support/shop.js';
import { expect, test } from '../support/test.js';

test('a customer signs in, pays and downloads with the keyboard alone', async ({ page, shop }) => {
  await shop.john();
  await page.goto(`${shop.origin}/widget/login`);
  await typeInto(page, 'Username', 'jdoe001');
  await typeInto(page, 'Password', PASSWORD);
  await page.keyboard.press('Enter');

  await expect(page.locator('.figure')).toHaveText('$60.50');
  await press(page, 'link', 'Pay now');

  await page.waitForURL(/\/pay$/);
  await expect(page.locator('output')).toHaveText('$60.50');
  await tabTo(page, 'checkbox', /Invoice 1019/);
  await expect(async () => {
    if (await page.getByRole('checkbox').isChecked()) await page.keyboard.press('Space');
    await expect(page.locator('output')).toHaveText('$0.00', { timeout: 200 });
  }).toPass();
  await page.keyboard.press('Space');
  await expect(page.locator('output')).toHaveText('$60.50');
  await press(page, 'button', 'Continue');

  await page.waitForURL(/\/pay\/card/);
  for (const [name, text] of [
    ['Name on card', 'John Doe'],
    ['Card number', '4111111111111111'],
    ['Expiry date', '12/35'],
    ['Security code', '123'],
  ]) {
    await typeInto(page, name, text);
  }
  await page.keyboard.press('Enter');

  await page.waitForURL(/\/pay\/confirm/);
  await press(page, 'button', 'Pay $60.50');

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
  await press(page, 'link', 'Enter the card number.');
  await expect(page.getByLabel('Card number')).toBeFocused();
  await expect(page.getByLabel('Card number')).toHaveAccessibleDescription('Enter the card number.');
});

test('a merchant who asks for a second step gets one, with the keyboard alone', async ({ page, shop }) => {
  await shop.profile('second_factor = "required"');
  await shop.john();
  const signIn = async () => {
    await page.goto(`${shop.origin}/widget/login`);
    await typeInto(page, 'Username', 'jdoe001');
    await typeInto(page, 'Password', PASSWORD);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/widget\/s\//);
  };
  await signIn();
  await press(page, 'button', 'Set up');
  await expect(page.locator('.secret')).toBeVisible();
  const code = codeOf(await page.locator('.secret').innerText());
  await typeInto(page, 'Code that the app shows', code);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Keep your recovery codes');
  const [spare] = (await page.locator('.codes').innerText()).split(/\s+/);
  await press(page, 'button', 'I have kept them');
  await expect(page.getByText('On: you are asked for a code')).toBeVisible();

  await signIn();
  await typeInto(page, 'Code', code);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toContainText('it was used before');
  await typeInto(page, 'Code', spare);
  await page.keyboard.press('Enter');
  await expect(page.locator('.figure')).toHaveText('$60.50');
});

test('a bank account is put on file and taken away with the keyboard alone', async ({ page, shop }) => {
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  await press(page, 'link', 'Manage');
  await page.waitForURL(/\/autopay$/);
  await press(page, 'link', 'Add a bank account');
  await page.waitForURL(/\/autopay\/bank/);
  await typeInto(page, 'Account holder', 'John Doe');
  await tabTo(page, 'combobox', 'Account type');
  await page.keyboard.press('ArrowDown');
  await typeInto(page, 'Routing number', '021000021');
  await typeInto(page, 'Account number', '12345678');
  await page.keyboard.press('Enter');
  const methods = page.getByRole('region', { name: 'Methods on file' }).getByRole('listitem');
  await expect(methods).toHaveText([/Savings account •••• 5678.*First choice/s]);
  await press(page, 'link', 'Remove Savings account •••• 5678');
  await page.waitForURL(/\/remove/);
  await press(page, 'button', 'Remove');
  await expect(page.getByRole('status')).toContainText('The method was removed');
  await expect(methods).toHaveCount(0);
});
