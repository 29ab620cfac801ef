// Every page in every state: usable with every aid, on every screen, without the browser complaining.
import { AxeBuilder } from '@axe-core/playwright';
import { outOfReach } from '../support/reach.js';
import { STATES, THEMES, WIDTHS, inEveryLook } from '../support/states.js';
import { expect, test } from '../support/test.js';

for (const { name, open, status, database = 'SQLite', live = false } of STATES) {
  test.describe(() => {
    test.use({ database, live });
    test(`${name}: axe finds no fault, nothing is wider than the screen, and at 400 % all is within reach`, async ({ page, shop, watch }) => {
      if (status) watch.expect(new RegExp(`^status: ${status} `), new RegExp(`^console: .*status of ${status} `));
      await open(page, shop);
      expect(await statusOf(page)).toBe(status ?? 200);
      await inEveryLook(page, async (width, theme) => {
        // Each width and each theme once: what axe finds in a theme does not depend on the width.
        const isJudged = (width === WIDTHS[0]) === (theme === THEMES[0]);
        if (isJudged) expect.soft(await faults(page), `${width} px, ${theme}`).toEqual([]);
        const inner = await page.evaluate(() => document.documentElement.scrollWidth);
        expect.soft(inner, `width of the page on a screen of ${width} px`).toBeLessThanOrEqual(width);
      });
      expect(await outOfReach(page), 'at 400 %').toEqual([]);
    });
  });
}

test('a button under the pointer is as readable', async ({ page, shop }) => {
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  for (const theme of THEMES) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    for (const name of ['Pay now', 'Pay invoice 1019', 'Invoice 1019', 'Home']) {
      await page.getByRole('link', { name, exact: true }).hover();
      expect(await faults(page), `${name}, ${theme}`).toEqual([]);
    }
  }
});

test('a page is read in the order that it shows, with one main heading and a language', async ({ page, shop }) => {
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
  expect(await page.locator('html').getAttribute('lang')).toBe('en-US');
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(page).toHaveTitle('My account · Acme Hosting');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeInViewport();
});

async function faults(page) {
  // The portal has no frames of its own: the mode without them is the quick one.
  const axe = new AxeBuilder({ page }).setLegacyMode().options({ rules: { 'target-size': { enabled: true } } });
  const { violations } = await axe.analyze();
  return violations.map((violation) => {
    const where = violation.nodes.map((node) => `${node.target}: ${node.failureSummary}`);
    return `${violation.id}: ${where.join(' | ')}`;
  });
}

function statusOf(page) {
  return page.evaluate(() => performance.getEntriesByType('navigation')[0].responseStatus);
}
