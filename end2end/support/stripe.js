// Stripe as tests have it: the localstripe of the Rust tests, in a process of its own.
import { spawn } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PYTHON = process.env.BLUSYNERGY_TEST_PYTHON ?? join(ROOT, 'target/python/servers/bin/python');
const PROGRAM = join(ROOT, 'server/tests/http/gateways/stripe.py');
const KEY = 'sk_test_4eC39HqLyjWDarjtT1zdp7dc';
const EVENT_KEY = 'whsec_Rk9yVGhlVGVzdHM';

export const STRIPE_CARD = '4242 4242 4242 4242';

const now = () => Math.floor(Date.now() / 1000);

export async function startStripe() {
  // It ends when its input does.
  const child = spawn(PYTHON, [PROGRAM, String(now())], { stdio: ['pipe', 'pipe', 'ignore'] });
  const ended = new Promise((done) => child.once('close', done));
  const port = await new Promise((found, failed) => {
    createInterface({ input: child.stdout }).once('line', (line) => found(JSON.parse(line).port));
    child.once('error', failed);
    ended.then(() => failed(new Error(`${PROGRAM} ended`)));
  });
  return new Stripe(`http://127.0.0.1:${port}`, async () => {
    child.stdin.end();
    await ended;
  });
}

class Stripe {
  constructor(url, stop) {
    this.url = url;
    this.stop = stop;
  }

  // The merchant's account, in a seed file.
  get account() {
    const keys = `secret_key = "${KEY}"\nwebhook_secret = "${EVENT_KEY}"`;
    return `[organization.processor]\nkind = "stripe"\n${keys}\nurl = "${this.url}"`;
  }

  // What it does with the next request that moves money; see `stripe.py`.
  async next(behaviour) {
    await fetch(`${this.url}/_config/next`, { method: 'POST', body: behaviour });
  }

  // Tells the merchant of the sale that it made last.
  async tellOfSale(shop) {
    const authorization = `Bearer ${KEY}`;
    const times = 'created[gte]=0&created[lte]=9999999999';
    const list = await fetch(`${this.url}/v1/payment_intents?limit=1&${times}`, { headers: { authorization } });
    const [object] = (await list.json()).data;
    const event = JSON.stringify({ id: 'evt_1', type: 'payment_intent.succeeded', data: { object } });
    const time = now();
    const digest = createHmac('sha256', EVENT_KEY).update(`${time}.${event}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${digest}` };
    const { status, text } = await shop.send('POST', '/gateway/stripe', event, headers);
    if (status >= 300) throw new Error(`the event is not taken: ${status} ${text}`);
  }
}
