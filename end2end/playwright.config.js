// How the browser tests run: Debian's Chromium, two at a time, each test with a server of its own.
import { defineConfig } from '@playwright/test';
import { CHROMIUM } from './support/browser.js';

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  workers: 2,
  // A test that fails once has failed.
  retries: 0,
  forbidOnly: true,
  timeout: 120_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: CHROMIUM,
    actionTimeout: 10_000,
    // Chromium itself may wait 20 s for a stylesheet that another frame is fetching (its cache lock).
    navigationTimeout: 45_000,
    screenshot: 'only-on-failure',
  },
});
