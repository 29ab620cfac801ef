// A customer moves: the address is changed in German, on the page and in what the merchant's program sees.
import { value } from '../support/shop.js';
import { expect, test } from '../support/test.js';

test('a customer changes the address in German and switches to English', async ({ page, shop }) => {
  await shop.john('de_AT');
  await page.goto(await shop.link('JOHNDOE001'));
  await page.getByRole('link', { name: 'Konto', exact: true }).click();
  await page.getByRole('link', { name: /Kontakt und Adresse bearbeiten/ }).first().click();
  await page.getByLabel('Straße und Hausnummer').fill('Lindengasse 12');
  await page.getByLabel('Postleitzahl').fill('1070');
  await page.getByLabel('Ort').fill('Wien');
  await page.getByLabel('Bundesland oder Region').fill('');
  await page.getByLabel('Land', { exact: false }).last().selectOption({ label: 'Österreich' });
  await page.getByRole('button', { name: 'Speichern' }).click();
  await expect(page.getByRole('status')).toContainText('Ihre Angaben sind gespeichert');
  await expect(page.getByRole('region', { name: 'Rechnungsadresse' })).toContainText('Lindengasse 12');
  const contact = await shop.api('GET', '/rest/customer/billingContact?extCustomerRef=JOHNDOE001');
  expect(['street1', 'zip', 'city', 'state', 'country', 'countryCode'].map((name) => value(contact, name))).toEqual([
    'Lindengasse 12',
    '1070',
    'Wien',
    undefined,
    'Österreich',
    'AT',
  ]);
  await page.getByRole('link', { name: /Sprache ändern/ }).click();
  await page.getByRole('combobox').selectOption({ label: 'English (United Kingdom)' });
  await page.getByRole('button', { name: 'Speichern' }).click();
  await expect(page.getByRole('status')).toContainText('The language is changed');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en-GB');
});
