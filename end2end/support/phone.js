// A phone that makes passkeys: the browser's own authenticator (the DevTools protocol's virtual one).
import { PASSWORD } from './shop.js';

const PHONE = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
};

export async function phoneOf(page) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options: PHONE });
  return { devtools, authenticatorId };
}

// From home, by the password.
export async function addPasskey(page) {
  await page.goto(page.url().replace('/home', '/security/passkeys'));
  await page.getByLabel('Current password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Name of the passkey').fill('My phone');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('status').filter({ hasText: 'The passkey is added' }).waitFor();
}
