// The official TypeScript SDK 9 against the control plane that the environment names.
// Written as the SDK's documentation shows it: resources have namespaces, listings give one page.
// This SDK speaks API version 2026-07.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Pinecone } from '@pinecone-database/pinecone';

const RESTORES = 5;
const PAGE_SIZE = 2;

const pc = new Pinecone({
  apiKey: process.env.PINECONE_API_KEY,
  controllerHostUrl: process.env.PINECONE_CONTROLLER_HOST,
});
const names = (listed) => listed.map(({ name }) => name).sort();

// Indexes.
await pc.indexes.create({
  name: 'movies',
  schema: { fields: { yourVector: { type: 'dense_vector', dimension: 8, metric: 'cosine' } } },
  deployment: { deploymentType: 'managed', cloud: 'aws', region: 'us-east-1' },
  tags: { team: 'search' },
  waitUntilReady: true,
});
const movies = await pc.indexes.describe('movies');
assert.ok(movies.status.ready);
assert.deepEqual(Object.keys(movies.schema.fields), ['yourVector']);
await pc.indexes.create({
  name: 'articles',
  schema: { fields: { body: { type: 'string', fullTextSearch: {} } } },
});
await pc.indexes.createForModel({
  name: 'texts',
  cloud: 'aws',
  region: 'us-east-1',
  embed: { model: 'multilingual-e5-large', fieldMap: { text: 'chunk' } },
});
assert.deepEqual(names((await pc.indexes.list()).indexes), ['articles', 'legacy', 'movies', 'texts']);
await pc.indexes.configure('movies', { tags: { env: 'test' } });
assert.deepEqual((await pc.indexes.describe('movies')).tags, { team: 'search', env: 'test' });

// A collection of pods.
await pc.collections.create({ name: 'copy', source: 'legacy' });
while ((await pc.collections.describe('copy')).status !== 'Ready') await sleep(100);
assert.deepEqual(names((await pc.collections.list()).collections), ['copy']);
await pc.collections.delete('copy');

// Backups.
const backup = await pc.backups.create('movies', { name: 'nightly', description: 'every night' });
const second = await pc.backups.create('movies', { name: 'weekly' });
while ((await pc.backups.describe(backup.backupId)).status !== 'Ready') await sleep(100);
const backups = await pc.backups.listByIndex('movies', { limit: 1 });
assert.deepEqual(names(backups.data), ['weekly']);
assert.equal((await pc.backups.list({ limit: 10 })).data.length, 2);

// Restore jobs.
for (let number = 0; number < RESTORES; number++) {
  const restored = await pc.backups.createIndex(backup.backupId, { name: `movies-${number}` });
  assert.ok(restored.restoreJobId && restored.indexId);
}
const jobs = new Map();
let page = await pc.restoreJobs.list({ limit: PAGE_SIZE });
for (;;) {
  for (const job of page.data) jobs.set(job.restoreJobId, job);
  if (!page.pagination?.next) break;
  page = await pc.restoreJobs.list({ paginationToken: page.pagination.next });
}
assert.equal(jobs.size, RESTORES);
for (const id of jobs.keys()) {
  while ((await pc.restoreJobs.describe(id)).status !== 'Completed') await sleep(100);
}

// All of it is deleted.
for (const { name } of (await pc.indexes.list()).indexes) await pc.indexes.delete(name);
for (const { backupId } of [backup, second]) await pc.backups.delete(backupId);
