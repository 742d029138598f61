// The official TypeScript SDKs 6 and 8 against the control plane that the environment names.
// Written as the SDK's documentation shows it: promises, one page per listing call.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pinecone } from '@pinecone-database/pinecone';

const RESTORES = 5;
const PAGE_SIZE = 2;

const lock = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url)));
const { version } = lock.packages['node_modules/@pinecone-database/pinecone'];
const isNewer = Number(version.split('.')[0]) >= 7; // one argument with all that is asked for

const pc = new Pinecone({
  apiKey: process.env.PINECONE_API_KEY,
  controllerHostUrl: process.env.PINECONE_CONTROLLER_HOST,
});
const configure = (name, changes) =>
  isNewer ? pc.configureIndex({ name, ...changes }) : pc.configureIndex(name, changes);
const names = (listed) => listed.map(({ name }) => name).sort();

// Indexes.
await pc.createIndex({
  name: 'movies',
  dimension: 8,
  metric: 'cosine',
  spec: { serverless: { cloud: 'aws', region: 'us-east-1' } },
  tags: { team: 'search' },
  waitUntilReady: true,
});
assert.ok((await pc.describeIndex('movies')).status.ready);
await pc.createIndexForModel({
  name: 'texts',
  cloud: 'aws',
  region: 'us-east-1',
  embed: { model: 'multilingual-e5-large', fieldMap: { text: 'chunk' } },
});
assert.deepEqual(names((await pc.listIndexes()).indexes), ['legacy', 'movies', 'texts']);
await configure('movies', { tags: { env: 'test' } });
assert.deepEqual((await pc.describeIndex('movies')).tags, { team: 'search', env: 'test' });

// A collection of pods.
await pc.createCollection({ name: 'copy', source: 'legacy' });
while ((await pc.describeCollection('copy')).status !== 'Ready') await sleep(100);
assert.deepEqual(names((await pc.listCollections()).collections), ['copy']);
await pc.deleteCollection('copy');

// Backups.
const backup = await pc.createBackup({
  indexName: 'movies',
  name: 'nightly',
  description: 'every night',
});
const second = await pc.createBackup({ indexName: 'movies', name: 'weekly' });
while ((await pc.describeBackup(backup.backupId)).status !== 'Ready') await sleep(100);
const backups = await pc.listBackups({ indexName: 'movies', limit: 1 });
assert.deepEqual(names(backups.data), ['weekly']);
assert.equal((await pc.listBackups({ limit: 10 })).data.length, 2);

// Restore jobs.
for (let number = 0; number < RESTORES; number++) {
  const restored = await pc.createIndexFromBackup({
    backupId: backup.backupId,
    name: `movies-${number}`,
  });
  assert.ok(restored.restoreJobId && restored.indexId);
}
const jobs = new Map();
let page = await pc.listRestoreJobs({ limit: PAGE_SIZE });
for (;;) {
  for (const job of page.data) jobs.set(job.restoreJobId, job);
  if (!page.pagination?.next) break;
  page = await pc.listRestoreJobs({ limit: PAGE_SIZE, paginationToken: page.pagination.next });
}
assert.equal(jobs.size, RESTORES);
for (const id of jobs.keys()) {
  while ((await pc.describeRestoreJob(id)).status !== 'Completed') await sleep(100);
}

// All of it is deleted.
for (const { name } of (await pc.listIndexes()).indexes) await pc.deleteIndex(name);
for (const { backupId } of [backup, second]) await pc.deleteBackup(backupId);
