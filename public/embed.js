// The customer portal of BluSynergy in a page of yours; see docs/embedding.md. No dependencies.
(() => {
  'use strict';
  const HERE = document.currentScript && document.currentScript.src;
  const SANDBOX =
    'allow-scripts allow-same-origin allow-forms allow-downloads allow-modals allow-popups ' +
    'allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation';
  // A frame that can't be entered is not tried again and again.
  const AGAIN_AFTER = 10_000;
  let count = 0;

  function embed(options) {
    const portal = new URL(options.portal || HERE).origin;
    const place = typeof options.target === 'string' ? document.querySelector(options.target) : options.target;
    if (!place) throw new Error(`BluSynergy: nothing on this page is ${options.target}`);
    const listeners = { ...options.on };
    const frame = document.createElement('iframe');
    let isReady = false;
    let renewedAt = -Infinity;

    frame.name = `blusynergy-${(count += 1)}`;
    frame.title = options.title || 'My account';
    frame.allow = `publickey-credentials-get ${portal}; publickey-credentials-create ${portal}; payment 'none'`;
    frame.referrerPolicy = 'no-referrer';
    frame.style.cssText = 'display:block;width:100%;border:0;height:37.5rem';

    const tell = (type, details) => {
      if (listeners[type]) listeners[type]({ type, ...details });
    };

    // Only ever to the portal, whatever the frame shows by now.
    const send = (type, details) => frame.contentWindow.postMessage({ blusynergy: 1, type, ...details }, portal);

    // Another site, and not this one: no frame that is still empty, none that shows a page of yours.
    const isElsewhere = () => {
      try {
        return !frame.contentDocument;
      } catch {
        return true;
      }
    };

    // By a form, so that the token stands in no address. `next`: where to begin, instead of the token's own page.
    function enter(token, next) {
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action: `${portal}/widget/sso`, target: frame.name, hidden: true });
      for (const [name, value] of Object.entries({ token, next: next || '' })) {
        form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
      }
      document.body.append(form);
      form.submit();
      form.remove();
    }

    // A fresh token for a session that is ending, or over; whether there was one. `keeps`: the page in the frame is
    // still there, with what was typed into it, and goes on with the token. Else it is opened again at `page`.
    async function renew(keeps, page) {
      if (!options.renew || Date.now() - renewedAt < AGAIN_AFTER) return false;
      renewedAt = Date.now();
      let token = null;
      try {
        token = await options.renew();
      } catch (error) {
        tell('error', { error });
      }
      if (keeps) send('token', { token: token || null });
      else if (token) enter(token, page);
      return Boolean(token);
    }

    const handlers = {
      ready({ page }) {
        if (!isReady) tell('ready', { page });
        isReady = true;
        tell('navigate', { page });
      },
      height({ height }) {
        if (!(height > 0)) return;
        frame.style.height = `${Math.min(Math.ceil(height), 50_000)}px`;
        tell('height', { height });
      },
      paid({ payment, amount, currency }) {
        tell('paid', { payment, amount, currency });
      },
      'session-ending': () => renew(true),
      // Whoever is let in again has not left.
      'session-ended': async ({ reason, keeps, page }) => {
        if (reason !== 'over' || !(await renew(keeps, page))) tell('session-ended', { reason });
      },
    };

    function receive(event) {
      if (event.source !== frame.contentWindow || event.origin !== portal) return;
      const message = event.data;
      if (!message || message.blusynergy !== 1 || !Object.hasOwn(handlers, message.type)) return;
      handlers[message.type](message);
    }

    window.addEventListener('message', receive);
    frame.addEventListener('load', () => {
      if (isElsewhere()) send('hello', { renews: Boolean(options.renew) });
    });
    place.append(frame);
    // From here on: what is in the frame so far is this page's own nothing.
    frame.setAttribute('sandbox', SANDBOX);

    async function open() {
      const token = typeof options.token === 'function' ? await options.token() : options.token;
      if (token) enter(token);
      else frame.src = new URL(options.src || '/widget/login', portal).href;
    }
    open().catch((error) => tell('error', { error }));

    return {
      frame,
      on: (type, listener) => void (listeners[type] = listener),
      navigate: (page, invoiceNumber) => send('navigate', { page, invoiceNumber }),
      destroy() {
        window.removeEventListener('message', receive);
        frame.remove();
      },
    };
  }

  window.BluSynergy = { embed };
})();
