// A merchant with a running BluSynergy: what a developer there would do over the XML API.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { startMerchant } from './merchant.js';
import { postgresDatabase, run, settings, start, temporaryFolder } from './program.js';
import { startStripe } from './stripe.js';

const SEED = readFileSync(new URL('acme.toml', import.meta.url), 'utf8');
const LOGIN = `Basic ${Buffer.from('api-acme:Correct-Horse-7').toString('base64')}`;

const TEST_MODE = 'mode = "test"\nclock = "2011-09-20T12:00:00Z"';

export const PASSWORD = 'Welcome2011';

// `live`: its customers are charged by Stripe, now; else by the Test Processor, in 2011.
export async function openShop(database, live = false) {
  const folder = temporaryFolder();
  const merchant = await startMerchant();
  const stripe = live ? await startStripe() : null;
  const postgres = database === 'PostgreSQL' ? await postgresDatabase() : null;
  const env = settings(folder, postgres?.url);
  const seed = join(folder, 'acme.toml');
  const settled = stripe ? SEED.replace(TEST_MODE, 'mode = "live"').replace('[[organization.staff]]', `${stripe.account}\n\n$&`) : SEED;
  writeFileSync(seed, settled.replace('MERCHANT_ORIGIN', merchant.origin));
  await run(['seed', seed], env, folder);
  const program = await start(['serve', '--dev'], env, folder);
  const close = async () => {
    await program.stop();
    await merchant.stop();
    await stripe?.stop();
    await postgres?.drop();
  };
  // The settings of the portal; before anybody has asked for a page, so that nothing older is remembered.
  const profile = async (lines) => {
    writeFileSync(seed, readFileSync(seed, 'utf8').replace('[[organization.staff]]', `[organization.portal]\n${lines}\n\n$&`));
    await run(['seed', seed], env, folder);
  };
  return new Shop(program, merchant, { close, profile, stripe, postgres, mails: join(folder, 'mail') });
}

class Shop {
  constructor(program, merchant, { close, profile, stripe, postgres, mails }) {
    this.host = `acme.localhost:${program.port}`;
    this.origin = `http://${this.host}`;
    this.port = program.port;
    this.log = program.lines;
    this.merchant = merchant;
    this.close = close;
    this.profile = profile;
    this.stripe = stripe;
    this.postgres = postgres;
    this.mails = mails;
  }

  // An answer of the API; anything but success is an error here.
  async api(method, path, body) {
    const { status, text } = await this.send(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
    return text;
  }

  // Node does not know every name that ends in .localhost; browsers do.
  send(method, path, body, own = { authorization: LOGIN, 'content-type': 'text/xml' }) {
    return new Promise((done, failed) => {
      const headers = { host: this.host, ...own };
      const sent = request({ host: '127.0.0.1', port: this.port, method, path, headers }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => {
          const bytes = Buffer.concat(parts);
          done({ status: answer.statusCode, location: answer.headers.location, bytes, text: bytes.toString() });
        });
      });
      sent.on('error', failed);
      sent.end(body);
    });
  }

  createCustomer(reference, username, name, locale = 'en_US') {
    const [first, ...rest] = name.split(' ');
    return this.api(
      'POST',
      '/rest/customers',
      `<customer><name>${name}</name><extCustomerRef>${reference}</extCustomerRef>
       <locale>${locale}</locale><billingContact>
       <username>${username}</username><passwd>${PASSWORD}</passwd><firstName>${first}</firstName>
       <lastName>${rest.join(' ')}</lastName><emailPrimary>${username}@example.com</emailPrimary>
       <workPhone>555 555 5555</workPhone><address><street1>43 Main Av</street1><city>Chicago</city><state>IL</state>
       <zip>12345</zip><country>United States</country><countryCode>usa</countryCode></address>
       </billingContact></customer>`,
    );
  }

  // Places an order and has it invoiced at once: the order with its invoice.
  order(reference, plan = 'WHITE-LBL-A', quantity = '1.0') {
    const code = plan === 'STARTER' ? 'MONTH' : 'MNTHLY';
    const pages = '<orderLineItem><quantity>1.0</quantity><priceCode>PAGES</priceCode></orderLineItem>';
    const usage = plan === 'STARTER' ? '' : pages;
    return this.api(
      'POST',
      `/rest/orders?extCustomerRef=${reference}&generateInvoice=true`,
      `<subscriptionOrder><contractCode>${plan}</contractCode><orderLineItems><orderLineItem>
       <quantity>${quantity}</quantity><priceCode>${code}</priceCode></orderLineItem>${usage}</orderLineItems>
       </subscriptionOrder>`,
    );
  }

  // Invoices of 60.50 without an order, a thousand at a time.
  async invoices(reference, count) {
    const one = `<invoice><invoiceLineItems><invoiceLineItem><invoiceText>Consulting</invoiceText><invoiceLineItemCharges>
      <invoiceLineItemCharge><invoiceText>Hours</invoiceText><quantity>2</quantity><unitPrice>30.25</unitPrice>
      <chargeDate>2011-09-19</chargeDate></invoiceLineItemCharge></invoiceLineItemCharges></invoiceLineItem>
      </invoiceLineItems></invoice>`;
    for (let left = count; left > 0; left -= 1000) {
      const list = one.repeat(Math.min(left, 1000));
      await this.api('POST', `/rest/invoices?extCustomerRef=${reference}`, `<list>${list}</list>`);
    }
  }

  // Pages that John Doe has printed by his first order.
  print(quantity, day) {
    return this.api(
      'POST',
      '/rest/activities',
      `<list><activity><extCustomerRef>JOHNDOE001</extCustomerRef><orderNumber>1007</orderNumber>
       <priceCode>PAGES</priceCode><quantity>${quantity}</quantity><chargeDate>${day}</chargeDate></activity></list>`,
    );
  }

  // Offers to pay in four instalments.
  offerPlan(reference, start = '2011-09-22') {
    return this.api(
      'POST',
      `/rest/customers/paymentPlan?extCustomerRef=${reference}`,
      `<paymentPlan><chargeAmount>20.00</chargeAmount><startDate>${start}</startDate><status>Offered</status>
       <totalNumberOfInstallments>4</totalNumberOfInstallments><frequencyValue>1</frequencyValue>
       <frequencyUnits>Months</frequencyUnits></paymentPlan>`,
    );
  }

  // Gives back what was paid by the last payment.
  async refund(reference) {
    const paid = await this.api('GET', `/rest/payments?extCustomerRef=${reference}`);
    const refund = `<refund><payment id="${idOf(paid, 'payment')}"/><amount>${value(paid, 'amount')}</amount></refund>`;
    return this.api('POST', '/rest/refunds', refund);
  }

  // A card on file, in the first place unless told otherwise.
  keepCard(reference, { number = '4111 1111 1111 1111', expiry = '2035-12-31', place = 1 } = {}) {
    return this.api(
      'PUT',
      `/rest/customer/autopay?extCustomerRef=${reference}`,
      `<autopay><paymentMethodDTO type="CreditCard"><creditCardPaymentMethod>
       <autopayPreference>${place}</autopayPreference><cardNumber>${number.replaceAll(' ', '')}</cardNumber>
       <expiry>${expiry}</expiry><cvv>123</cvv></creditCardPaymentMethod></paymentMethodDTO></autopay>`,
    );
  }

  // The text of the newest mail with such a subject, once it has been sent.
  async mail(subject) {
    for (let tries = 0; tries < 100; tries += 1) {
      const found = read(this.mails).filter((mail) => subject.test(/^Subject: (.*)/m.exec(mail)[1]));
      if (found.length > 0) return found.at(-1);
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`no mail about ${subject}`);
  }

  advance(now) {
    return this.api('POST', '/rest/testClock?action=advance', `<testClock><now>${now}</now></testClock>`);
  }

  // From now on all customers read this language.
  async translate(locale) {
    const ids = [...(await this.api('GET', '/rest/customers')).matchAll(/<customer id="(\d+)"/g)].map(([, id]) => id);
    for (const id of ids) await this.api('PUT', `/rest/customer/${id}`, `<customer><locale>${locale}</locale></customer>`);
  }

  // A link that signs the customer in, once.
  link(reference, parameters = '') {
    return this.api('GET', `/rest/widget/start?extCustomerRef=${reference}${parameters}`);
  }

  // John Doe with an order: invoice 1019 for 60.50.
  async john(locale) {
    await this.createCustomer('JOHNDOE001', 'jdoe001', 'John Doe', locale);
    return this.order('JOHNDOE001');
  }
}

// Mails as they are kept where there is no mail server, in the order in which they were written; their texts are
// quoted-printable.
function read(folder) {
  try {
    const number = (name) => Number(/\d+/.exec(name)[0]);
    const names = readdirSync(folder).filter((name) => name.endsWith('.eml')).sort((a, b) => number(a) - number(b));
    return names.map((name) => readFileSync(join(folder, name), 'utf8').replace(/=\r?\n/g, '').replaceAll('=3D', '='));
  } catch {
    return [];
  }
}

// The text of the first element of that name.
export function value(xml, name) {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1];
}

export function idOf(xml, name) {
  return new RegExp(`<${name} id="(\\d+)"`).exec(xml)?.[1];
}
