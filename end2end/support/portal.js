// What a customer does in the portal. `at`: a page, or a frame in a merchant's page.

export const GOOD_CARD = '4111 1111 1111 1111';
export const DECLINED_CARD = '4000 0000 0000 0002';

export async function enterCard(at, number = GOOD_CARD) {
  await at.getByLabel('Name on card').fill('John Doe');
  await at.getByLabel('Card number').fill(number);
  await at.getByLabel('Expiry date').fill('12/35');
  await at.getByLabel('Security code').fill('123');
  await at.getByRole('button', { name: 'Continue' }).click();
  await at.waitForURL(/\/confirm$/);
}

// From home to the receipt.
export async function pay(at, number = GOOD_CARD) {
  await at.getByRole('link', { name: 'Pay now' }).click();
  await at.getByRole('button', { name: 'Continue' }).click();
  await enterCard(at, number);
  await at.getByRole('button', { name: /^Pay / }).click();
}

export async function enterAccount(at) {
  await at.getByLabel('Account holder').fill('John Doe');
  await at.getByLabel('Routing number').fill('021000021');
  await at.getByLabel('Account number').fill('12345678');
  await at.getByRole('button', { name: 'Continue' }).click();
}

// From the login, without signing in: number and balance of an invoice.
export async function quickPay(at, origin, number = '1019', balance = '60.50') {
  await at.goto(`${origin}/widget/login`);
  await at.getByRole('link', { name: 'Pay an invoice without signing in' }).click();
  await at.getByLabel('Invoice number').fill(number);
  await at.getByLabel('Exact balance due').fill(balance);
  await at.getByRole('button', { name: 'Continue' }).click();
}

export async function signIn(at, username, password) {
  await at.getByLabel('Username').fill(username);
  await at.getByLabel('Password').fill(password);
  await at.getByRole('button', { name: 'Sign in', exact: true }).click();
}

// The frame in a merchant's page.
export async function frameOf(page, number = 0) {
  const element = await page.locator('iframe').nth(number).elementHandle();
  return element.contentFrame();
}
