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
  timeout: 30_000,
  expect: { timeout: 5_000 },
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: CHROMIUM,
    actionTimeout: 5_000,
    navigationTimeout: 10_000,
    screenshot: 'only-on-failure',
  },
});
