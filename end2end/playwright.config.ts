// Journeys in a real Chromium against the release build, on a port and a data folder of their own.
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

// The configuration is read again by every worker; only the first reading looks for a free port and makes the folder.
if (!process.env.END2END_PORT) {
  const free = createServer().listen(0, '127.0.0.1');
  await once(free, 'listening');
  process.env.END2END_PORT = String((free.address() as AddressInfo).port);
  free.close();
}
const address = `127.0.0.1:${process.env.END2END_PORT}`;
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
