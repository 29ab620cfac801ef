// On every page of the portal: talks to the merchant's page around it, where there is one, and warns before a session
// ends. Without it every page works; only these comforts are missing.
(() => {
  'use strict';
  const { origins = '', pages = '', endsIn, customer, event, page: asked = '', payment, amount, currency } = document.currentScript.dataset;
  const ALLOWED = origins.split(' ').filter(Boolean);
  const PAGES = new Map(pages.split(' ').filter(Boolean).map((pair) => pair.split('=')));
  // `/widget/s/<key>/`, and nothing on a page without session.
  const ROOT = (/^\/widget\/s\/[0-9a-f]{32}\//.exec(location.pathname) || [''])[0];
  const isFramed = window.parent !== window;

  // Known once it has said hello, and allowed.
  let merchant = null;
  let renews = false;

  function send(type, details) {
    if (merchant) window.parent.postMessage({ blusynergy: 1, type, ...details }, merchant);
  }

  const handlers = {
    hello(message) {
      renews = message.renews === true;
      send('ready', { page: ROOT ? location.pathname.slice(ROOT.length) : '' });
      document.documentElement.classList.add('framed');
      new ResizeObserver(tellHeight).observe(document.body);
      tellHeight();
      if (event === 'paid') send('paid', { payment, amount, currency });
      if (event === 'over' || event === 'signed-out') send('session-ended', { reason: event, keeps: false, page: asked });
    },
    navigate({ page, invoiceNumber }) {
      if (!ROOT || !PAGES.has(page)) return;
      const number = typeof invoiceNumber === 'string' && invoiceNumber ? encodeURIComponent(invoiceNumber) : '';
      if (page === 'makePayment' && number) location.assign(`${ROOT}${PAGES.get(page)}?invoice=${number}`);
      else if (page === 'invoice' && number) location.assign(`${ROOT}invoices/${number}`);
      else location.assign(ROOT + PAGES.get(page));
    },
    token: ({ token }) => renewal(token),
  };

  if (isFramed && ALLOWED.length > 0) {
    window.addEventListener('message', ({ source, origin, data }) => {
      if (source !== window.parent || !ALLOWED.includes(origin)) return;
      if (!data || data.blusynergy !== 1 || !Object.hasOwn(handlers, data.type)) return;
      merchant = origin;
      handlers[data.type](data);
    });
  }

  let told = 0;
  function tellHeight() {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told) return;
    told = height;
    send('height', { height });
  }

  // Long work shows itself and is not begun twice: a form that is sent, a file that is made. Whoever stopped the browser
  // may begin again after a while.
  const PATIENCE = 60_000;
  const working = new Map();

  function begin(work, button) {
    button.setAttribute('aria-disabled', 'true');
    button.classList.add('button-busy');
    working.set(work, { button, timer: setTimeout(finish, PATIENCE, work) });
    note();
  }

  function finish(work) {
    const { button, timer } = working.get(work) || {};
    if (!button) return;
    clearTimeout(timer);
    working.delete(work);
    button.removeAttribute('aria-disabled');
    button.classList.remove('button-busy');
    note();
  }

  function note() {
    const element = document.querySelector('.busy-note');
    if (element) element.textContent = working.size > 0 ? element.dataset.text : '';
  }

  document.addEventListener('submit', (submit) => {
    const form = submit.target;
    const button = submit.submitter || form.querySelector('button');
    if (submit.defaultPrevented || !button || form.getAttribute('method') !== 'post') return;
    if (working.has(form)) submit.preventDefault();
    else begin(form, button);
  });

  // Back to a page that the browser has kept as it was.
  window.addEventListener('pageshow', () => [...working.keys()].forEach(finish));

  document.addEventListener('click', (click) => {
    const at = (selector) => (click.target instanceof Element ? click.target.closest(selector) : null);
    if (at('[data-print]')) window.print();
    const link = at('a[data-file]');
    const isPlain = !click.defaultPrevented && !click.ctrlKey && !click.metaKey && !click.shiftKey && !click.altKey;
    // The web view of an app saves only what it asks for itself.
    if (!link || !isPlain || / wv\)/.test(navigator.userAgent)) return;
    click.preventDefault();
    if (!working.has(link)) save(link);
  });

  async function save(link) {
    begin(link, link);
    try {
      const answer = await fetch(link.href);
      const [, name] = /filename="([^"]+)"/.exec(answer.headers.get('content-disposition')) || [];
      if (!answer.ok || !name) throw new Error('no file');
      const file = document.createElement('a');
      file.href = URL.createObjectURL(await answer.blob());
      file.download = name;
      file.click();
      setTimeout(() => URL.revokeObjectURL(file.href), PATIENCE);
    } catch {
      // The browser shows what is wrong.
      location.assign(link.href);
    }
    finish(link);
  }

  // A payment that is being confirmed is looked at again, for a minute; after that by the customer.
  const LOOKS = 20;
  async function lookAgain(looks) {
    if (looks === 0) return;
    try {
      const answer = await fetch(location.href);
      if (answer.ok && !(await answer.text()).includes('result-pending')) return location.reload();
    } catch {
      // Out of reach for now.
    }
    setTimeout(lookAgain, 3000, looks - 1);
  }

  document.addEventListener('DOMContentLoaded', () => {
    for (const button of document.querySelectorAll('[data-print]')) button.hidden = false;
    if (document.querySelector('.result-pending')) setTimeout(lookAgain, 3000, LOOKS);
  });

  // What was typed into a form that keeps it, and met a session that was over, is there again once the same customer is
  // back on the page: in this tab, within the hour.
  const DRAFT = 'blusynergy-draft';
  const HOUR = 3_600_000;
  const keeping = () => document.querySelector('form[data-keeps]');
  const page = location.pathname.slice(ROOT.length);

  function keepDraft() {
    const form = ROOT && keeping();
    if (!form) return;
    // The number of a card is kept nowhere, wherever it is typed.
    const isKept = ([name, value]) => name !== 'form_token' && !/(\d[ -]?){13}/.test(value);
    const fields = [...new FormData(form)].filter(isKept);
    const draft = { customer, root: ROOT, page, at: Date.now(), fields };
    try {
      sessionStorage.setItem(DRAFT, JSON.stringify(draft));
    } catch {
      // Nothing may be stored here.
    }
  }

  function bringBack() {
    try {
      const draft = JSON.parse(sessionStorage.getItem(DRAFT));
      // Where a session was over, and where nobody is signed in, it waits.
      if (!draft || event === 'over') return;
      const isOwn = !customer || draft.customer === customer;
      const isGood = isOwn && Date.now() - draft.at < HOUR && event !== 'signed-out';
      // Of the same session, it has been answered. On the way back there may be a second step.
      const isLost = isGood && draft.root !== ROOT;
      const form = isLost && draft.page === page && keeping();
      if (form) for (const [name, value] of draft.fields) form.elements.namedItem(name).value = value;
      if (form || !isLost) sessionStorage.removeItem(DRAFT);
    } catch {
      // Nothing is stored here, or nothing that fits.
    }
  }

  document.addEventListener('submit', (submit) => {
    if (submit.target === keeping()) keepDraft();
  });

  document.addEventListener('DOMContentLoaded', () => {
    bringBack();
    document.querySelector('#session-over a')?.addEventListener('click', keepDraft);
  });

  // The session: `endsIn` seconds from now it is over, unless it is used.
  if (!endsIn || !ROOT) return;
  const WARN = 120_000;
  // However much is typed, the server hears of it this often.
  const QUIET = 300_000;
  let end = Date.now() + Number(endsIn) * 1000;
  let contactAt = Date.now();
  let usedAt = 0;
  let isAsked = false;
  let isBusy = false;
  let left = null;

  document.addEventListener('DOMContentLoaded', () => {
    const warning = document.getElementById('session-warning');
    const over = document.getElementById('session-over');
    if (!warning || !over) return;
    for (const type of ['input', 'keydown', 'pointerdown']) {
      document.addEventListener(type, () => (usedAt = Date.now()), { passive: true });
    }
    // To look at it and press Escape is to be there, too.
    for (const type of ['submit', 'cancel']) {
      warning.addEventListener(type, async (stay) => {
        stay.preventDefault();
        await keep();
        // After eight hours nothing but a new sign-in helps.
        if (end - Date.now() <= WARN) warning.classList.add('session-final');
        look();
      });
    }
    over.addEventListener('cancel', (stay) => stay.preventDefault());
    document.addEventListener('submit', beforeLeaving, true);
    document.addEventListener('visibilitychange', look);
    setInterval(look, 1000);

    function look() {
      const rest = end - Date.now();
      if (rest <= 0) return isOver();
      if (over.open) over.close();
      if (rest > WARN) {
        if (warning.open) warning.close();
        if (usedAt > contactAt && Date.now() - contactAt > QUIET) keep();
        return undefined;
      }
      if (usedAt > contactAt) return keep();
      if (renews && !isAsked) {
        isAsked = true;
        return send('session-ending', { seconds: Math.round(rest / 1000) });
      }
      return show(warning);
    }

    function isOver() {
      if (warning.open) warning.close();
      if (over.open) return;
      show(over);
      send('session-ended', { reason: 'over', keeps: true });
    }
  });

  function show(dialog) {
    if (!dialog.open) dialog.showModal();
  }

  // A form that would be lost waits for the session.
  function beforeLeaving(submit) {
    if (submit.defaultPrevented || Date.now() < end || !renews) return;
    submit.preventDefault();
    left = { form: submit.target, by: submit.submitter };
    send('session-ended', { reason: 'over', keeps: true });
  }

  // Uses the session, or prolongs it with a token.
  async function keep(token) {
    if (isBusy) return false;
    isBusy = true;
    contactAt = Date.now();
    const fields = new URLSearchParams({ form_token: document.querySelector('input[name=form_token]').value });
    if (token) fields.set('token', token);
    try {
      const answer = await fetch(`${ROOT}keep`, { method: 'POST', body: fields, redirect: 'error' });
      if (answer.ok) {
        end = Date.now() + (await answer.json()).endsIn * 1000;
        return true;
      }
      if (answer.status === 410 && !token) end = Date.now();
    } catch {
      // Out of reach for now: the next look tries again.
    } finally {
      isBusy = false;
    }
    return false;
  }

  async function renewal(token) {
    if (typeof token !== 'string') return;
    if (!(await keep(token))) {
      // The merchant's page believes that it helped.
      if (Date.now() >= end) send('session-ended', { reason: 'over', keeps: true });
      return;
    }
    isAsked = false;
    for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
    if (left) {
      const { form, by } = left;
      left = null;
      form.requestSubmit(by);
    }
  }
})();
