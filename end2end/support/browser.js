// Which browser, with which flags, and how it treats cookies.
import { chromium } from '@playwright/test';
import { accessSync, constants, mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

// Nothing but this machine can be reached, so no test can come to depend on anything else.
const ONLY_HERE = 'MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1';

export const CHROMIUM = {
  executablePath: installed(),
  headless: true,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    `--host-resolver-rules=${ONLY_HERE}`,
  ],
};

// What a person can choose in the browser's settings.
const PREFERENCES = {
  'all cookies allowed': { profile: { cookie_controls_mode: 0, block_third_party_cookies: false } },
  'third-party cookies blocked': { profile: { cookie_controls_mode: 1, block_third_party_cookies: true } },
  'all cookies blocked': { profile: { default_content_setting_values: { cookies: 2 } } },
};

export const COOKIE_MODES = Object.keys(PREFERENCES);

// A browser of its own in an empty folder: settings belong to a whole profile.
export async function withCookies(mode, folder, options) {
  mkdirSync(join(folder, 'Default'), { recursive: true });
  writeFileSync(join(folder, 'Default', 'Preferences'), JSON.stringify(PREFERENCES[mode]));
  return chromium.launchPersistentContext(folder, { ...CHROMIUM, ...options });
}

function installed() {
  for (const name of NAMES) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here.
      }
    }
  }
  throw new Error(`no Chromium: none of ${NAMES.join(', ')} is on the PATH`);
}
