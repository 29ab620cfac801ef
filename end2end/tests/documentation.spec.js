// What docs/embedding.md tells to write into a page and onto a server works as it stands.
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { snippets } from '../support/documentation.js';
import { SECRET, openAccount } from '../support/keys.js';
import { page as merchantPage } from '../support/merchant.js';
import { frameOf, pay } from '../support/portal.js';
import { expect, test } from '../support/test.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));

// The merchant's server, which hands out tokens for John Doe.
async function serveTokens(shop) {
  await openAccount(shop);
  const [script] = snippets('js', shop);
  const signing = script.replace('process.env.BLUSYNERGY_SECRET', JSON.stringify(SECRET));
  const { accountToken } = await import(`data:text/javascript,${encodeURIComponent(signing)}`);
  shop.merchant.answer('/account/token', () => accountToken('JOHNDOE001'));
}

test('the page and the server of the documentation show the account', async ({ page, shop }) => {
  await serveTokens(shop);
  await page.goto(shop.merchant.show(merchantPage(snippets('html', shop)[0])));
  await expect((await frameOf(page)).locator('.figure')).toHaveText('$60.50');
});

// As strict as React can be: effects are done, undone and done again.
const APP = `
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

const token = () => fetch('/account/token').then((answer) => (answer.ok ? answer.text() : null));
function App() {
  const [isShown, show] = useState(true);
  const [paid, setPaid] = useState('');
  return (
    <>
      <button onClick={() => show(!isShown)}>My account</button>
      <p role="status">{paid}</p>
      {isShown && <Account token={token} onPaid={({ amount, currency }) => setPaid(\`Thanks for \${amount} \${currency}\`)} />}
    </>
  );
}
createRoot(document.getElementById('app')).render(<StrictMode><App /></StrictMode>);
`;

test('the React component of the documentation shows the account, hears of the payment, and can be taken away and put back', async ({ page, shop }) => {
  await serveTokens(shop);
  const { outputFiles } = await build({
    stdin: { contents: snippets('jsx', shop)[0] + APP, loader: 'jsx', resolveDir: HERE },
    bundle: true,
    write: false,
    jsx: 'automatic',
    jsxDev: true,
    define: { 'process.env.NODE_ENV': '"development"' },
  });
  const script = outputFiles[0].text.replaceAll('</script', '<\\/script');
  await page.goto(shop.merchant.show(merchantPage(`<div id="app"></div><script>${script}</script>`)));
  await expect((await frameOf(page)).locator('.figure')).toHaveText('$60.50');
  await page.getByRole('button', { name: 'My account' }).click();
  await expect(page.locator('iframe')).toHaveCount(0);
  await page.getByRole('button', { name: 'My account' }).click();
  await expect(page.locator('iframe')).toHaveCount(1);
  await pay(await frameOf(page));
  await expect(page.getByRole('status')).toHaveText('Thanks for 60.50 USD');
});
