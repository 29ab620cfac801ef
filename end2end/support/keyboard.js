// A visitor without a mouse.
import { expect } from './test.js';

const TABS_MAX = 40;

// Goes on with Tab until that is focused, and sees where the focus is all the way.
export async function tabTo(page, role, name) {
  const target = page.getByRole(role, { name });
  for (let n = 0; n < TABS_MAX; n += 1) {
    await page.keyboard.press('Tab');
    expect(await isFocusSeen(page), `where the focus is, on the way to ${name}`).toBe(true);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`Tab does not reach ${name}`);
}

// Goes there and presses Enter.
export async function press(page, role, name) {
  await tabTo(page, role, name);
  await page.keyboard.press('Enter');
}

// Goes there and types.
export async function typeInto(page, name, text) {
  await tabTo(page, 'textbox', name);
  await page.keyboard.type(text);
}

function isFocusSeen(page) {
  return page.evaluate(() => {
    const seen = (element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
    };
    const focused = document.activeElement;
    // A box may show the focus of what is inside.
    return seen(focused) || seen(focused, '::after') || seen(focused.closest('label, tr, li') ?? focused);
  });
}
