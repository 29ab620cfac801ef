// What a customer's browser loads.
import { GOALS, sizes } from '../support/sizes.js';
import { expect, test } from '../support/test.js';

test('the home page and its style are at most 30 kB compressed, and nothing comes from elsewhere', async ({ page, shop }) => {
  await shop.john();
  const asked = [];
  page.on('request', (request) => asked.push(new URL(request.url())));
  await page.goto(await shop.link('JOHNDOE001'), { waitUntil: 'networkidle' });
  expect(asked.length).toBeGreaterThan(3);
  expect(asked.filter((url) => url.origin !== shop.origin)).toEqual([]);
  const found = await sizes(shop, 'JOHNDOE001');
  expect(found['HTML and CSS']).toBeLessThanOrEqual(GOALS['HTML and CSS']);
});
