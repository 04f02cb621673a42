// Journeys in a real Chromium against the release build, on a port and a data folder of their own.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

const address = '127.0.0.1:3100';
// The configuration is read again by every worker; only the first reading makes the folder.
process.env.END2END_DATA ??= mkdtempSync(join(tmpdir(), 'three-keys-e2e-'));

export default defineConfig({
  testDir: 'tests',
  forbidOnly: !!process.env.CI,
  retries: 0,
  // One server and one wiki for all: one at a time keeps each journey's story its own.
  workers: 1,
  reporter: [['list']],
  timeout: 30_000,
  use: {
    baseURL: `http://${address}`,
    launchOptions: {
      executablePath: process.env.CHROMIUM || undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  webServer: {
    command: '../target/release/three-keys serve',
    url: `http://${address}/.well-known/openid-configuration`,
    reuseExistingServer: false,
    env: { THREE_KEYS_LISTEN: address, THREE_KEYS_DATA_DIR: process.env.END2END_DATA, RUST_LOG: 'warn' },
    stdout: 'ignore',
    stderr: 'pipe',
  },
});
