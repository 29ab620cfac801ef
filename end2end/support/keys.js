// The key that the shop signs its customers' tokens with.
export const SECRET = 'a-secret-of-acme-that-is-long-enough';

// John Doe, and the shop's key.
export async function openAccount(shop) {
  await shop.john();
  const key = `<ssoKey><kid>shop</kid><algorithm>HS256</algorithm><secret>${SECRET}</secret></ssoKey>`;
  await shop.api('POST', '/rest/widget/keys', key);
}
