// Every page of the portal in every state that looks different, and the way there.
import { ERROR_STATES } from './error_states.js';
import { PAYMENT_STATES } from './payment_states.js';
import { DECLINED_CARD, enterAccount, enterCard, pay, quickPay, signIn } from './portal.js';
import { SECURITY_STATES } from './security_states.js';

// Signs in by a link, as the merchant's page does.
async function enter(page, shop, reference = 'JOHNDOE001', parameters = '') {
  await page.goto(await shop.link(reference, parameters));
}

async function john(page, shop) {
  await shop.john();
  await enter(page, shop);
}

async function newcomer(page, shop) {
  await shop.createCustomer('NEW1', 'newcomer', 'Zoë Łukasz 山田');
  await enter(page, shop, 'NEW1');
}

// Paid, late and due: several invoices and a payment.
async function busy(page, shop) {
  await shop.john();
  await enter(page, shop);
  await pay(page);
  await page.getByRole('heading', { name: 'Payment received' }).waitFor();
  await shop.order('JOHNDOE001', 'WHITE-LBL-A', '2.0');
  await shop.order('JOHNDOE001', 'STARTER');
  await shop.advance('2011-09-28T12:00:00Z');
  await enter(page, shop);
}

// An order of which something was used, billed and not billed yet.
async function printed(page, shop) {
  await shop.john();
  await shop.print(120, '2011-09-22');
  await shop.advance('2011-10-02T12:00:00Z');
  for (const day of ['2011-10-01', '2011-10-02']) await shop.print(75.5, day);
  await enter(page, shop);
  await page.goto(page.url().replace('/home', '/orders/1007'));
}

async function choose(page, shop) {
  await busy(page, shop);
  await page.getByRole('link', { name: 'Pay now' }).click();
}

async function card(page, shop) {
  await choose(page, shop);
  await page.getByRole('button', { name: 'Continue' }).click();
}

const click = (page, role, name) => page.getByRole(role, { name, exact: true }).click();

const LOGO = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAGAAAAAYCAYAAAAF6fiUAAAAeElEQVR42u3Y0QnAIAxAQYdwuw7Q/SeoIxQh0QQu4Kf9eEcFHcP0mvk+nwqHg/8tlS6FB1EoPoQC8SEUiA8hASB6jwkOCSEJIHN/5HHXZQEAACDtDN/9BgB/AAAAAGoDuAe4CQPwFuQ1FIL4TRBUuwSh0mEQFeJmAQz1+YBFr/AtAAAAAElFTkSuQmCC',
  'base64',
);

// `status`: what the server answers where that is an error; `database`, `live`: what the shop has.
export const STATES = [
  { name: 'front page', open: (page, shop) => page.goto(`${shop.origin}/`) },
  { name: 'sign in', open: (page, shop) => page.goto(`${shop.origin}/widget/login`) },
  {
    name: 'sign in refused',
    open: async (page, shop) => {
      await page.goto(`${shop.origin}/widget/login`);
      await signIn(page, 'jdoe001', 'wrong');
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'home with something due', open: busy },
  { name: 'home with one invoice', open: john },
  { name: 'home of a new customer', open: newcomer },
  {
    name: 'home with all paid',
    open: async (page, shop) => {
      await john(page, shop);
      await pay(page);
      await click(page, 'link', 'Back to home');
    },
  },
  {
    name: 'home with many open invoices',
    open: async (page, shop) => {
      await shop.john();
      for (let n = 0; n < 11; n += 1) await shop.order('JOHNDOE001');
      await enter(page, shop);
    },
  },
  {
    name: 'home with a card on file',
    open: async (page, shop) => {
      await shop.john();
      await shop.keepCard('JOHNDOE001');
      await enter(page, shop);
    },
  },
  {
    name: 'home with a card that was declined',
    open: async (page, shop) => {
      await shop.john();
      await shop.keepCard('JOHNDOE001', { number: DECLINED_CARD });
      await shop.advance('2011-09-22T12:00:00Z');
      await enter(page, shop);
    },
  },
  {
    name: 'home with something late',
    open: async (page, shop) => {
      await shop.john();
      await shop.advance('2011-11-20T12:00:00Z');
      await enter(page, shop);
    },
  },
  {
    name: 'home suspended',
    open: async (page, shop) => {
      await shop.john();
      await shop.api('POST', '/rest/customer?extCustomerRef=JOHNDOE001&action=suspend');
      await enter(page, shop);
    },
  },
  {
    name: 'home without navigation',
    open: async (page, shop) => {
      await shop.john();
      await enter(page, shop, 'JOHNDOE001', '&showNavigation=false');
    },
  },
  {
    name: 'home in other colours',
    open: async (page, shop) => {
      const chosen = '<accent>#ffcc00</accent><radius>0</radius><font>Georgia, serif</font>';
      await shop.api('PUT', '/rest/branding', `<branding>${chosen}</branding>`);
      await shop.api('PUT', '/rest/branding/logo', LOGO);
      await busy(page, shop);
    },
  },
  {
    name: 'session about to end',
    open: async (page, shop) => {
      await john(page, shop);
      await page.evaluate(() => document.getElementById('session-warning').showModal());
    },
  },
  {
    name: 'invoices',
    open: async (page, shop) => {
      await busy(page, shop);
      await click(page, 'link', 'Invoices');
    },
  },
  {
    name: 'invoices on two pages',
    open: async (page, shop) => {
      await shop.john();
      for (let n = 0; n < 21; n += 1) await shop.order('JOHNDOE001');
      await enter(page, shop);
      await click(page, 'link', 'Invoices');
      await click(page, 'link', 'Older');
    },
  },
  {
    name: 'invoices with nothing found',
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/invoices?number=9&status=paid'));
    },
  },
  {
    name: 'invoices with a search that is wrong',
    status: 400,
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/invoices?from=yesterday&status=lost'));
    },
  },
  {
    name: 'no invoices',
    open: async (page, shop) => {
      await newcomer(page, shop);
      await click(page, 'link', 'Invoices');
    },
  },
  {
    name: 'invoice due',
    open: async (page, shop) => {
      await john(page, shop);
      await click(page, 'link', 'Invoice 1019');
    },
  },
  {
    name: 'invoice paid',
    open: async (page, shop) => {
      await john(page, shop);
      await pay(page);
      await click(page, 'link', '1019');
    },
  },
  {
    name: 'invoice mailed',
    open: async (page, shop) => {
      await john(page, shop);
      await click(page, 'link', 'Invoice 1019');
      await click(page, 'button', 'Email it to me');
      await page.getByRole('status').waitFor();
    },
  },
  { name: 'choose invoices', open: choose },
  {
    name: 'nothing to pay',
    open: async (page, shop) => {
      await newcomer(page, shop);
      await page.goto(page.url().replace('/home', '/pay'));
    },
  },
  {
    name: 'nothing chosen',
    status: 400,
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/pay/card'));
    },
  },
  { name: 'card', open: card },
  {
    name: 'card with errors',
    open: async (page, shop) => {
      await card(page, shop);
      await page.getByLabel('Card number').fill('4111 1111 1111 1112');
      await page.getByLabel('Expiry date').fill('01/10');
      await click(page, 'button', 'Continue');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'confirm',
    open: async (page, shop) => {
      await card(page, shop);
      await enterCard(page);
    },
  },
  {
    name: 'nothing to confirm',
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/pay/confirm'));
    },
  },
  {
    name: 'receipt',
    open: async (page, shop) => {
      await card(page, shop);
      await enterCard(page);
      await page.getByRole('button', { name: /^Pay / }).click();
      await page.getByRole('heading', { name: 'Payment received' }).waitFor();
    },
  },
  {
    name: 'free amount',
    open: async (page, shop) => {
      await shop.profile('free_amount = true');
      await choose(page, shop);
      await page.getByLabel('Another amount').check();
    },
  },
  {
    name: 'free amount typed',
    open: async (page, shop) => {
      await shop.profile('free_amount = true');
      await choose(page, shop);
      await page.getByLabel('Another amount').check();
      await page.getByLabel('Amount', { exact: true }).fill('1,500.5');
    },
  },
  {
    name: 'free amount wrong',
    status: 400,
    open: async (page, shop) => {
      await shop.profile('free_amount = true');
      await choose(page, shop);
      await page.getByLabel('Another amount').check();
      await page.getByLabel('Amount', { exact: true }).fill('10.001');
      await click(page, 'button', 'Continue');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'pay ahead',
    open: async (page, shop) => {
      await shop.profile('free_amount = true');
      await newcomer(page, shop);
      await page.goto(page.url().replace('/home', '/pay'));
    },
  },
  {
    name: 'saved methods',
    open: async (page, shop) => {
      await shop.john();
      await shop.keepCard('JOHNDOE001');
      await enter(page, shop);
      await click(page, 'link', 'Pay now');
      await click(page, 'button', 'Continue');
    },
  },
  {
    name: 'bank account',
    open: async (page, shop) => {
      await card(page, shop);
      await click(page, 'link', 'Bank account');
    },
  },
  {
    name: 'bank account with errors',
    open: async (page, shop) => {
      await card(page, shop);
      await click(page, 'link', 'Bank account');
      await page.getByLabel('Routing number').fill('123456789');
      await click(page, 'button', 'Continue');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'confirm a part',
    open: async (page, shop) => {
      await shop.profile('free_amount = true');
      await card(page, shop);
      await page.goto(page.url().replace('how=total&amount=', 'amount=20'));
      await click(page, 'link', 'Bank account');
      await page.getByLabel('Save for automatic payments').selectOption('First choice');
      await enterAccount(page);
    },
  },
  {
    name: 'autopay without methods',
    open: async (page, shop) => {
      await john(page, shop);
      await click(page, 'link', 'Manage');
    },
  },
  {
    name: 'autopay',
    open: async (page, shop) => {
      await shop.john();
      await shop.keepCard('JOHNDOE001', { expiry: '2011-10' });
      await shop.keepCard('JOHNDOE001', { expiry: '2010-12', place: 2 });
      await shop.keepCard('JOHNDOE001', { place: 3 });
      await enter(page, shop);
      await click(page, 'link', 'Manage');
    },
  },
  {
    name: 'autopay card',
    open: async (page, shop) => {
      await john(page, shop);
      await click(page, 'link', 'Manage');
      await click(page, 'link', 'Add a card');
    },
  },
  {
    name: 'autopay remove',
    open: async (page, shop) => {
      await shop.john();
      await shop.keepCard('JOHNDOE001');
      await enter(page, shop);
      await click(page, 'link', 'Manage');
      await click(page, 'link', 'Remove Visa •••• 1111');
    },
  },
  {
    name: 'home with an offered plan',
    open: async (page, shop) => {
      await shop.john();
      await shop.offerPlan('JOHNDOE001');
      await enter(page, shop);
    },
  },
  {
    name: 'plan offered',
    open: async (page, shop) => {
      await shop.john();
      await shop.offerPlan('JOHNDOE001');
      await shop.keepCard('JOHNDOE001');
      await enter(page, shop);
      await click(page, 'link', 'See the offer');
    },
  },
  {
    name: 'plan running',
    open: async (page, shop) => {
      await shop.john();
      await shop.offerPlan('JOHNDOE001');
      await shop.keepCard('JOHNDOE001');
      await enter(page, shop);
      await click(page, 'link', 'See the offer');
      await click(page, 'button', 'Accept the payment plan');
      await page.getByRole('heading', { name: 'Your payment plan has begun' }).waitFor();
      await shop.advance('2011-09-22T12:00:00Z');
      await enter(page, shop);
      await click(page, 'link', 'See the payment plan');
    },
  },
  {
    name: 'no plan',
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/plan'));
    },
  },
  { name: 'quick pay', open: (page, shop) => page.goto(`${shop.origin}/widget/quickPay`) },
  {
    name: 'quick pay refused',
    open: async (page, shop) => {
      await quickPay(page, shop.origin, '1019', '1.00');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'quick pay card',
    open: async (page, shop) => {
      await shop.john();
      await quickPay(page, shop.origin);
    },
  },
  {
    name: 'quick pay receipt',
    open: async (page, shop) => {
      await shop.john();
      await quickPay(page, shop.origin);
      await enterCard(page);
      await page.getByRole('button', { name: /^Pay / }).click();
      await page.getByRole('heading', { name: 'Payment received' }).waitFor();
    },
  },
  {
    name: 'declined',
    open: async (page, shop) => {
      await john(page, shop);
      await pay(page, DECLINED_CARD);
      await page.getByRole('heading', { name: 'Your payment was declined' }).waitFor();
    },
  },
  {
    name: 'payments',
    open: async (page, shop) => {
      await john(page, shop);
      await pay(page, DECLINED_CARD);
      await click(page, 'link', 'Back to home');
      await pay(page);
      await click(page, 'link', 'Payments');
    },
  },
  {
    name: 'no payments',
    open: async (page, shop) => {
      await john(page, shop);
      await click(page, 'link', 'Payments');
    },
  },
  {
    name: 'account',
    open: async (page, shop) => {
      await john(page, shop);
      await click(page, 'link', 'Account');
    },
  },
  {
    name: 'details',
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/account/details'));
    },
  },
  {
    name: 'details with errors',
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/account/details'));
      await page.getByLabel('First name').fill('');
      await click(page, 'button', 'Save');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'details saved',
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/account/details'));
      await page.getByLabel('First name').fill('Johnny');
      await click(page, 'button', 'Save');
      await page.getByRole('status').waitFor();
    },
  },
  {
    name: 'language',
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/account/language'));
    },
  },
  {
    name: 'orders',
    open: async (page, shop) => {
      await busy(page, shop);
      await click(page, 'link', 'Orders');
    },
  },
  {
    name: 'no orders',
    open: async (page, shop) => {
      await newcomer(page, shop);
      await click(page, 'link', 'Orders');
    },
  },
  { name: 'order with usage', open: printed },
  {
    name: 'details in Arabic',
    open: async (page, shop) => {
      await shop.john('ar_EG');
      await enter(page, shop);
      await page.goto(page.url().replace('/home', '/account/details'));
    },
  },
  {
    name: 'signed out',
    open: async (page, shop) => {
      await john(page, shop);
      await click(page, 'button', 'Sign out');
    },
  },
  {
    name: 'link used before',
    status: 410,
    open: async (page, shop) => {
      await shop.john();
      const link = await shop.link('JOHNDOE001');
      await page.goto(link);
      await page.context().clearCookies();
      await page.goto(link);
    },
  },
  {
    name: 'link too old',
    status: 410,
    open: async (page, shop) => {
      await shop.john();
      const link = await shop.link('JOHNDOE001');
      await shop.advance('2011-09-20T12:31:00Z');
      await page.goto(link);
    },
  },
  {
    name: 'session over',
    status: 410,
    open: async (page, shop) => {
      await shop.john();
      await enter(page, shop, 'JOHNDOE001', `&loginUrl=${encodeURIComponent(shop.merchant.origin)}`);
      await shop.advance('2011-09-20T12:31:00Z');
      await page.reload();
    },
  },
  {
    name: 'form of another session',
    status: 403,
    open: async (page, shop) => {
      await john(page, shop);
      await page.locator('input[name=form_token]').evaluate((field) => (field.value = 'of another session'));
      await click(page, 'button', 'Sign out');
    },
  },
  {
    name: 'unknown link',
    status: 404,
    open: (page, shop) => page.goto(`${shop.origin}/widget/customerHome/f76b5c8e68ae4c2da69bed68845f1bc6`),
  },
  {
    name: 'unknown page',
    status: 404,
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/nowhere'));
    },
  },
  {
    name: 'invoice of nobody',
    status: 404,
    open: async (page, shop) => {
      await john(page, shop);
      await page.goto(page.url().replace('/home', '/invoices/9999'));
    },
  },
  ...PAYMENT_STATES,
  ...SECURITY_STATES,
  ...ERROR_STATES,
];

export const WIDTHS = [1280, 375];
export const THEMES = ['light', 'dark'];

// Shows the state at each width in each theme, with nothing under the pointer.
export async function inEveryLook(page, look) {
  await page.mouse.move(0, 0);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 });
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await look(width, theme);
    }
  }
}
