// The real program: started on a free port with a folder of its own, stopped by its process.
import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import pg from 'pg';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PROGRAM = process.env.BLUSYNERGY_BIN ?? join(ROOT, 'target/debug/blusynergy');
const SITE = process.env.BLUSYNERGY_SITE_DIR ?? join(ROOT, 'target/site');
const STOP_WITHIN = 12_000;

const running = new Set();
// Also when the tests are broken off.
process.on('exit', () => running.forEach((child) => child.kill('SIGKILL')));

export function temporaryFolder() {
  return mkdtempSync(join(tmpdir(), 'blusynergy-end2end-'));
}

// Everything the program reads comes from here: no setting of the machine reaches it.
export function settings(folder, databaseUrl) {
  return {
    PATH: process.env.PATH,
    BLUSYNERGY_DATA_DIR: folder,
    BLUSYNERGY_DATABASE_URL: databaseUrl ?? `sqlite://${join(folder, 'acme.db')}`,
    BLUSYNERGY_LISTEN: '127.0.0.1:0',
    BLUSYNERGY_SITE_DIR: SITE,
    BLUSYNERGY_LOG: 'warn',
  };
}

export async function run(args, env, folder) {
  await promisify(execFile)(PROGRAM, args, { env, cwd: folder });
}

// Resolves when it listens: { port, lines, stop }.
export async function start(args, env, folder) {
  const child = spawn(PROGRAM, args, { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  const ended = new Promise((done) => child.once('close', done)).then(() => running.delete(child));
  const lines = [];
  const port = await new Promise((found, failed) => {
    const read = (line) => {
      lines.push(line);
      const address = /^listening on http:\/\/.*:(\d+)$/.exec(line);
      if (address) found(Number(address[1]));
    };
    createInterface({ input: child.stdout }).on('line', read);
    createInterface({ input: child.stderr }).on('line', read);
    child.once('error', failed);
    ended.then(() => failed(new Error(`the program ended:\n${lines.join('\n')}`)));
  });
  const stop = async () => {
    child.kill('SIGTERM');
    const tooLong = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN);
    await ended;
    clearTimeout(tooLong);
    rmSync(folder, { recursive: true, force: true });
  };
  return { port, lines, stop };
}

// A database of its own in the PostgreSQL that `cargo xtask test` starts.
export async function postgresDatabase() {
  const server = process.env.BLUSYNERGY_TEST_POSTGRES;
  if (!server) throw new Error('BLUSYNERGY_TEST_POSTGRES names no PostgreSQL: `cargo xtask postgres` starts one');
  const name = `end2end_${randomBytes(6).toString('hex')}`;
  const ask = async (database, sql) => {
    const client = new pg.Client({ connectionString: `${server}/${database}` });
    await client.connect();
    await client.query(sql);
    await client.end();
  };
  await ask('postgres', `CREATE DATABASE ${name}`);
  return {
    url: `${server}/${name}`,
    spoil: () => ask(name, 'ALTER TABLE orders RENAME TO gone'),
    // Nobody is connected to it any more, and nobody can be.
    lose: async () => {
      await ask('postgres', `ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
      await ask('postgres', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name}'`);
    },
    drop: () => ask('postgres', `DROP DATABASE ${name} WITH (FORCE)`),
  };
}
