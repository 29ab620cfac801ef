// The pages about signing in, in every state that looks different.
import { createHmac } from 'node:crypto';
import { addPasskey, phoneOf } from './phone.js';
import { signIn } from './portal.js';
import { PASSWORD } from './shop.js';

const click = (page, role, name) => page.getByRole(role, { name, exact: true }).click();

async function entered(page, shop, part = '') {
  await shop.john();
  await page.goto(`${shop.origin}/widget/login`);
  await signIn(page, 'jdoe001', PASSWORD);
  await page.goto(page.url().replace('/home', `/security${part}`));
}

// Behind the question for the current password.
async function confirmed(page, shop, part) {
  await entered(page, shop, part);
  await page.getByLabel('Current password').fill(PASSWORD);
  await click(page, 'button', 'Continue');
}

async function withPasskey(page, shop) {
  await shop.john();
  await phoneOf(page);
  await page.goto(`${shop.origin}/widget/login`);
  await signIn(page, 'jdoe001', PASSWORD);
  await addPasskey(page);
}

async function choosePassword(page, shop, password) {
  await confirmed(page, shop, '/password');
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByLabel('New password again').fill(password);
  await click(page, 'button', 'Save');
}

async function adding(page, shop) {
  await confirmed(page, shop, '/authenticator');
  await click(page, 'button', 'Set up');
}

// The code that an app with this key shows now (RFC 6238).
export function codeOf(key) {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
  const bits = [...key.replaceAll(' ', '')].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0'));
  const bytes = bits.join('').match(/.{8}/g).map((byte) => parseInt(byte, 2));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha1', Buffer.from(bytes)).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

// By the link that a mail has brought.
async function forgotten(page, shop) {
  await shop.john();
  await page.goto(`${shop.origin}/widget/forgotPassword`);
  await page.getByLabel('Username').fill('jdoe001');
  await click(page, 'button', 'Send');
  await page.goto(/http:\S+trackingId=[0-9a-f]+/.exec(await shop.mail(/password/i))[0]);
}

// At the question for the code, with an authenticator app.
async function halfWay(page, shop) {
  await added(page, shop);
  await click(page, 'button', 'I have kept them');
  await click(page, 'button', 'Sign out');
  await page.goto(`${shop.origin}/widget/login`);
  await signIn(page, 'jdoe001', PASSWORD);
  await page.getByLabel('Code').waitFor();
}

async function added(page, shop) {
  await adding(page, shop);
  await page.getByLabel('Code that the app shows').fill(codeOf(await page.locator('.secret').innerText()));
  await click(page, 'button', 'Add the app');
  await page.getByRole('heading', { name: 'Keep your recovery codes' }).waitFor();
}

export const SECURITY_STATES = [
  { name: 'forgot password', open: (page, shop) => page.goto(`${shop.origin}/widget/forgotPassword`) },
  { name: 'forgot user name', open: (page, shop) => page.goto(`${shop.origin}/widget/forgotUsername`) },
  { name: 'forgotten and mailed', open: (page, shop) => page.goto(`${shop.origin}/widget/forgotPassword?sent`) },
  {
    name: 'link for a new password over',
    status: 410,
    open: (page, shop) => page.goto(`${shop.origin}/widget/resetPassword?trackingId=f76b5c8e68ae4c2da69bed68845f1bc6`),
  },
  { name: 'new password by mail', open: forgotten },
  {
    name: 'new password by mail refused',
    open: async (page, shop) => {
      await forgotten(page, shop);
      await page.getByLabel('New password', { exact: true }).fill('password');
      await page.getByLabel('New password again').fill('another');
      await click(page, 'button', 'Save the new password');
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'sign-in and security', open: entered },
  {
    name: 'sign-in by the merchant only',
    status: 403,
    open: async (page, shop) => {
      await shop.john();
      await page.goto(await shop.link('JOHNDOE001'));
      await page.goto(page.url().replace('/home', '/security/password'));
    },
  },
  {
    name: 'confirm refused',
    open: async (page, shop) => {
      await entered(page, shop, '/email');
      await page.getByLabel('Current password').fill('wrong');
      await click(page, 'button', 'Continue');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'confirm by passkey',
    open: async (page, shop) => {
      await withPasskey(page, shop);
      // The password was asked for five minutes ago.
      await shop.advance('2011-09-20T12:06:00Z');
      await page.goto(page.url().replace('/passkeys', '/email'));
      await page.getByRole('button', { name: 'Confirm with a passkey' }).waitFor();
    },
  },
  {
    name: 'new password refused',
    open: async (page, shop) => {
      await choosePassword(page, shop, 'password');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'password changed',
    open: async (page, shop) => {
      await choosePassword(page, shop, 'correct horse battery');
      await page.getByRole('status').waitFor();
    },
  },
  { name: 'change user name', open: (page, shop) => confirmed(page, shop, '/username') },
  { name: 'change email address', open: (page, shop) => confirmed(page, shop, '/email') },
  { name: 'authenticator app being added', open: adding },
  { name: 'recovery codes', open: added },
  {
    name: 'authenticator app on',
    open: async (page, shop) => {
      await added(page, shop);
      await click(page, 'button', 'I have kept them');
      await page.getByText('On: you are asked for a code').waitFor();
    },
  },
  {
    name: 'code of the app refused',
    open: async (page, shop) => {
      await adding(page, shop);
      await page.getByLabel('Code that the app shows').fill('000000');
      await click(page, 'button', 'Add the app');
      await page.getByRole('alert').waitFor();
    },
  },
  { name: 'second step', open: halfWay },
  {
    name: 'second step refused',
    open: async (page, shop) => {
      await halfWay(page, shop);
      await page.getByLabel('Code').fill('000000');
      await click(page, 'button', 'Continue');
      await page.getByRole('alert').waitFor();
    },
  },
  {
    name: 'second step required',
    open: async (page, shop) => {
      await shop.profile('second_factor = "required"');
      await shop.john();
      await page.goto(`${shop.origin}/widget/login`);
      await signIn(page, 'jdoe001', PASSWORD);
      await page.getByText('asks all customers for a second step').waitFor();
    },
  },
  { name: 'passkeys', open: (page, shop) => confirmed(page, shop, '/passkeys') },
  { name: 'passkey added', open: withPasskey },
];
