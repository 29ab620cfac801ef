// Pages that nobody wants to see.
async function entered(page, shop) {
  await shop.john();
  await page.goto(await shop.link('JOHNDOE001'));
}

// From home: so many megabytes with a form.
export async function sendMuch(page, megabytes) {
  await page.goto(page.url().replace('/home', '/account/details'));
  // Hidden: a field that shows so much keeps a browser busy.
  await page.getByLabel('Street and number').evaluate((field, megabytes) => {
    const much = Object.assign(document.createElement('input'), { type: 'hidden', name: 'street1' });
    much.value = 'x'.repeat(megabytes * 1024 * 1024);
    field.form.append(much);
  }, megabytes);
  await page.getByRole('button', { name: 'Save' }).click();
}

export const ERROR_STATES = [
  {
    name: 'session over on the page',
    open: async (page, shop) => {
      await entered(page, shop);
      await page.evaluate(() => document.getElementById('session-over').showModal());
    },
  },
  {
    name: 'too much',
    status: 413,
    open: async (page, shop) => {
      await entered(page, shop);
      await sendMuch(page, 3);
      await page.getByRole('heading', { name: 'This is too much' }).waitFor();
    },
  },
  {
    name: 'too often',
    status: 429,
    open: async (page, shop) => {
      const guess = '/widget/customerHome/f76b5c8e68ae4c2da69bed68845f1bc6';
      // As many as an address may fail in a minute.
      for (let n = 0; n < 60; n += 1) await shop.send('GET', guess);
      await page.goto(shop.origin + guess);
    },
  },
  {
    name: 'failed',
    status: 500,
    database: 'PostgreSQL',
    open: async (page, shop) => {
      await entered(page, shop);
      await shop.postgres.spoil();
      await page.goto(page.url().replace('/home', '/orders'));
    },
  },
  {
    name: 'not available',
    status: 503,
    database: 'PostgreSQL',
    open: async (page, shop) => {
      await entered(page, shop);
      await shop.postgres.lose();
      await page.reload();
    },
  },
];
