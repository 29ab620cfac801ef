// What becomes of a payment, in every state that looks different.
import { DECLINED_CARD, enterAccount, enterCard, pay, quickPay } from './portal.js';
import { STRIPE_CARD } from './stripe.js';

const click = (page, role, name) => page.getByRole(role, { name, exact: true }).click();

async function enter(page, shop) {
  await page.goto(await shop.link('JOHNDOE001'));
}

async function paid(page, shop) {
  await shop.john();
  await enter(page, shop);
  await pay(page);
  await page.getByRole('heading', { name: 'Payment received' }).waitFor();
}

// The payment that is listed first.
async function newest(page, shop, title) {
  await enter(page, shop);
  await click(page, 'link', 'Payments');
  await page.locator('main tbody tr').first().getByRole('link').first().click();
  await page.getByRole('heading', { name: title }).waitFor();
}

// Until the payment is confirmed, without signing in.
async function quickly(page, shop) {
  await shop.john();
  await quickPay(page, shop.origin);
}

// A bank that says nothing: the customer is to wait.
export async function unanswered(page, shop) {
  await shop.createCustomer('JOHNDOE001', 'jdoe001', 'John Doe');
  await shop.order('JOHNDOE001', 'STARTER');
  await enter(page, shop);
  await shop.stripe.next('lose_answer');
  await pay(page, STRIPE_CARD);
  await page.getByRole('heading', { name: 'Your payment is being confirmed' }).waitFor();
}

export const PAYMENT_STATES = [
  {
    name: 'payment being sent',
    open: async (page, shop) => {
      await shop.john();
      await enter(page, shop);
      await click(page, 'link', 'Pay now');
      await click(page, 'button', 'Continue');
      await enterCard(page);
      // As it looks while the answer is waited for.
      await page.evaluate(() => window.addEventListener('submit', (submit) => submit.preventDefault()));
      await page.getByRole('button', { name: /^Pay / }).click();
      await page.getByText('Your payment is being confirmed').waitFor();
    },
  },
  { name: 'payment that waits for the bank', live: true, open: unanswered },
  {
    name: 'home while a payment waits for the bank',
    live: true,
    open: async (page, shop) => {
      await unanswered(page, shop);
      await enter(page, shop);
    },
  },
  {
    name: 'payment refunded',
    open: async (page, shop) => {
      await paid(page, shop);
      await shop.refund('JOHNDOE001');
      await enter(page, shop);
      await click(page, 'link', 'Payments');
      await page.locator('main tbody tr').last().getByRole('link').first().click();
      await page.getByRole('heading', { name: 'This payment was refunded' }).waitFor();
    },
  },
  {
    name: 'refund',
    open: async (page, shop) => {
      await paid(page, shop);
      await shop.refund('JOHNDOE001');
      await newest(page, shop, 'You were refunded');
    },
  },
  {
    name: 'credit',
    open: async (page, shop) => {
      await shop.john();
      const credit = '<credit><amount>20.00</amount><notes>For the outage</notes></credit>';
      await shop.api('POST', '/rest/credits?extCustomerRef=JOHNDOE001', credit);
      await newest(page, shop, 'You received a credit');
    },
  },
  {
    name: 'receipt mailed',
    open: async (page, shop) => {
      await paid(page, shop);
      await click(page, 'button', 'Email the receipt');
      await page.getByRole('status').waitFor();
    },
  },
  {
    name: 'quick pay bank account',
    open: async (page, shop) => {
      await quickly(page, shop);
      await click(page, 'link', 'Bank account');
    },
  },
  {
    name: 'quick pay confirm',
    open: async (page, shop) => {
      await quickly(page, shop);
      await click(page, 'link', 'Bank account');
      await enterAccount(page);
      await page.getByRole('button', { name: /^Pay / }).waitFor();
    },
  },
  {
    name: 'quick pay declined',
    open: async (page, shop) => {
      await quickly(page, shop);
      await enterCard(page, DECLINED_CARD);
      await page.getByRole('button', { name: /^Pay / }).click();
      await page.getByRole('heading', { name: 'Your payment was declined' }).waitFor();
    },
  },
  {
    name: 'autopay bank account',
    open: async (page, shop) => {
      await shop.john();
      await enter(page, shop);
      await click(page, 'link', 'Manage');
      await click(page, 'link', 'Add a bank account');
    },
  },
];
