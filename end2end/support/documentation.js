// What docs/embedding.md tells to write into a page and onto a server, with the names of a shop of the tests.
import { readFileSync } from 'node:fs';

const TEXT = readFileSync(new URL('../../docs/embedding.md', import.meta.url), 'utf8');

// The blocks of a language, in their order.
export function snippets(language, shop) {
  const found = TEXT.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``, 'g'));
  return [...found].map(([, text]) =>
    text.replaceAll('https://acme.bill.example', shop.origin).replaceAll('acme.bill.example', 'acme.localhost'),
  );
}
