// What a page offers at 400 % zoom: 320 by 256 CSS pixels of a screen of 1280 by 1024 (WCAG 1.4.10).
const ZOOMED = { width: 320, height: 256 };

// What is wrong there, in words: a page that scrolls sideways, and what can't be pressed because it is cut off or
// covered wherever one scrolls to.
export async function outOfReach(page) {
  await page.setViewportSize(ZOOMED);
  return page.evaluate(() => {
    const root = document.documentElement;
    const wrong = root.scrollWidth > innerWidth ? [`the page is ${root.scrollWidth} px wide`] : [];
    const dialog = document.querySelector('dialog[open]');
    const pressed = 'a[href], button, input:not([type=hidden]), select, textarea, summary';
    for (const element of (dialog ?? document).querySelectorAll(pressed)) {
      // The link that skips the header is there only for who tabs to it.
      if (!element.checkVisibility({ visibilityProperty: true }) || element.matches('.skip-link')) continue;
      element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
      // A link may run over several lines.
      const [box] = element.getClientRects();
      const name = `${element.localName} “${(element.innerText || element.name || '').trim()}”`;
      if (box.left < -0.5 || box.right > innerWidth + 0.5) wrong.push(`${name} is cut off`);
      const x = box.left + box.width / 2;
      const y = Math.min(box.top + box.height / 2, innerHeight - 1);
      const there = document.elementFromPoint(x, y);
      const isIt = there && (element.contains(there) || there.contains(element) && there.closest('label, a'));
      if (!isIt) wrong.push(`${name} is covered by ${there?.localName}.${there?.className}`);
    }
    return wrong;
  });
}
