// Finding an invoice again, and taking it along in every form, in a frame that keeps no cookies but partitioned ones.
import { readFile } from 'node:fs/promises';
import { frames } from '../support/merchant.js';
import { frameOf } from '../support/portal.js';
import { expect, test } from '../support/test.js';

test.use({ cookies: 'third-party cookies blocked', javaScriptEnabled: false });

test('a customer finds an invoice, has it mailed and takes its lines along', async ({ page, shop }) => {
  await shop.john();
  for (let n = 0; n < 3; n += 1) await shop.order('JOHNDOE001');
  await page.goto(shop.merchant.show(frames(await shop.link('JOHNDOE001'))));
  const frame = await frameOf(page);
  await frame.getByRole('link', { name: 'Invoices', exact: true }).click();
  const search = frame.getByRole('search', { name: 'Find invoices' });
  await search.getByLabel('Number begins with').fill('1019');
  await search.getByLabel('Status').selectOption('To be paid');
  await search.getByLabel('From').fill('2011-09-01');
  await search.getByLabel('Number begins with').press('Enter');
  await expect(frame.getByRole('row')).toHaveCount(2);
  await expect(search.getByLabel('From')).toHaveValue('2011-09-01');

  await frame.getByRole('link', { name: 'Invoice 1019' }).click();
  await frame.getByRole('button', { name: 'Email it to me' }).click();
  await expect(frame.getByRole('status')).toContainText('It is on its way to jdoe001@example.com.');

  const waiting = page.waitForEvent('download');
  await frame.getByRole('link', { name: 'Download lines (CSV)' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('invoice-1019.csv');
  const lines = (await readFile(await download.path(), 'utf8')).split('\r\n');
  expect(lines[1]).toContain('1019,');
});
