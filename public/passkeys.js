// Passkeys, the browser's part: asks for a key or makes one, and sends the page's form with the answer. Without script,
// or where a browser knows no passkeys, what is for them stays hidden and the page works by password.
const bytes = (text) => {
  const padded = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(padded), (character) => character.charCodeAt(0));
};

const text = (buffer) => {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('');
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
};

const TIMEOUT_MILLISECONDS = 120_000;

async function signIn({ challenge, rp }) {
  const publicKey = {
    challenge: bytes(challenge),
    rpId: rp,
    userVerification: 'required',
    timeout: TIMEOUT_MILLISECONDS,
  };
  const { rawId, response } = await navigator.credentials.get({ publicKey });
  return {
    credential_id: text(rawId),
    client_data: text(response.clientDataJSON),
    authenticator_data: text(response.authenticatorData),
    signature: text(response.signature),
    user_handle: response.userHandle ? text(response.userHandle) : '',
  };
}

async function add({ challenge, rp, merchant, user, username, algorithms, known }) {
  const publicKey = {
    challenge: bytes(challenge),
    rp: { id: rp, name: merchant },
    user: { id: bytes(user), name: username, displayName: username },
    pubKeyCredParams: algorithms.split(' ').map((alg) => ({ type: 'public-key', alg: Number(alg) })),
    excludeCredentials: known.split(' ').filter(Boolean).map((id) => ({ type: 'public-key', id: bytes(id) })),
    authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
    attestation: 'none',
    timeout: TIMEOUT_MILLISECONDS,
  };
  const { response } = await navigator.credentials.create({ publicKey });
  return { client_data: text(response.clientDataJSON), attestation: text(response.attestationObject) };
}

const CEREMONIES = { get: signIn, create: add };

function prepare(form) {
  const problem = form.querySelector('[data-problem]');
  form.hidden = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      const answer = await CEREMONIES[form.dataset.passkey](form.dataset);
      for (const [name, value] of Object.entries(answer)) form.elements[name].value = value;
      form.submit();
    } catch (error) {
      console.info('no passkey:', error.name);
      problem.hidden = false;
    }
  });
}

if (window.PublicKeyCredential && navigator.credentials) {
  document.querySelectorAll('form[data-passkey]').forEach(prepare);
}
