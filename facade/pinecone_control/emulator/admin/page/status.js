// Draws the status page from /_emulator/status, once a second.
// Text from clients is only ever set as textContent, so that none of it is parsed as HTML.

const PERIOD = 1000; // milliseconds between requests
const LOOKS = {
  Ready: 'good', Completed: 'good',
  Failed: 'bad', InitializationFailed: 'bad',
  Cancelled: 'idle', Terminating: 'idle',
}; // by state; any other state is in progress

const query = Object.fromEntries(new URLSearchParams(location.search));
let status = null;

// ------------------------------------------------------------------------------------- elements

function element(tag, content = [], attributes = {}) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...[content].flat());
  return made;
}

const byId = (id) => document.getElementById(id);
const code = (text) => element('code', text ?? '');
const tag = (text) => element('span', text, { class: 'tag' });
const state = (name) => element('span', name, { class: `state ${LOOKS[name] ?? 'busy'}` });
const words = (parts) => parts.flatMap((part) => [part, ' ']);

function progress(job) {
  const percent = Math.round(job.percent_complete);
  const look = LOOKS[job.status] ?? 'busy';
  const label = `Progress of the restore into ${job.target_index_name}`;
  const bar = element('progress', [], { class: look, max: 100, value: job.percent_complete, 'aria-label': label });
  return element('span', [bar, element('span', `${percent} %`)], { class: 'progress' });
}

function ago(timestamp) {
  const seconds = Math.max(0, (Date.parse(status.time) - Date.parse(timestamp)) / 1000);
  const units = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const [length, unit] = units.find(([length]) => seconds >= length) ?? [1, 's'];
  return element('time', `${Math.round(seconds / length)} ${unit} ago`, { datetime: timestamp, title: timestamp });
}

const count = (number) => (number == null ? '' : number.toLocaleString('en'));

function size(bytes) { // in the format of the command line
  if (bytes == null) return '';
  let unit = 0;
  while (unit < 5 && Number(bytes.toFixed(unit ? 1 : 0)) >= 1000) [bytes, unit] = [bytes / 1000, unit + 1];
  return `${bytes.toFixed(unit ? 1 : 0)} ${['B', 'kB', 'MB', 'GB', 'TB', 'PB'][unit]}`;
}

// ---------------------------------------------------------------------------------------- lists

function place(spec) {
  const [[kind, where]] = Object.entries(spec);
  const known = ['cloud', 'region', 'environment', 'pod_type'].map((name) => where[name]).filter(Boolean);
  return `${kind}, ${known.join(' ')}`;
}

const vectors = (index) => `${[index.vector_type, index.dimension].filter(Boolean).join(' ')}, ${index.metric}`;
const isProtected = (index) => (index.deletion_protection === 'enabled' ? [' ', tag('protected')] : []);
const tags = (index) => words(Object.entries(index.tags ?? {}).sort().map((pair) => tag(pair.join(': '))));

const LISTS = [
  { name: 'restore_jobs', title: 'Restore jobs', columns: {
    'target index': (job) => element('b', job.target_index_name),
    status: (job) => state(job.status),
    progress,
    created: (job) => ago(job.created_at),
    id: (job) => code(job.restore_job_id),
  } },
  { name: 'indexes', title: 'Indexes', columns: {
    name: (index) => [element('b', index.name), ...isProtected(index)],
    state: (index) => state(index.status.state),
    vectors,
    location: (index) => place(index.spec),
    tags,
  } },
  { name: 'backups', title: 'Backups', columns: {
    name: (backup) => element('b', backup.name ?? 'unnamed'),
    status: (backup) => state(backup.status),
    index: (backup) => backup.source_index_name,
    records: (backup) => count(backup.record_count),
    size: (backup) => size(backup.size_bytes),
    created: (backup) => ago(backup.created_at),
    id: (backup) => code(backup.backup_id),
  } },
  { name: 'collections', title: 'Collections', isOptional: true, columns: {
    name: (collection) => element('b', collection.name),
    status: (collection) => state(collection.status),
    location: (collection) => collection.environment,
    vectors: (collection) => count(collection.vector_count),
    size: (collection) => size(collection.size),
  } },
  { name: 'requests', title: 'Requests', hasFilter: true, columns: {
    request: detail,
    response,
    operation: (request) => request.operation ?? '',
    received: (request) => ago(request.at),
    project: (request) => code(keyOf(request.project)),
  } },
];

function response(request) {
  const fault = request.was_faulted ? [' ', tag('fault')] : [];
  const look = request.status !== null && request.status < 400 ? 'good' : 'bad';
  return [element('span', String(request.status ?? 'dropped'), { class: `state ${look}` }), ...fault];
}

const opened = new Set(); // numbers of the requests whose details are shown

function detail(request) {
  const search = new URLSearchParams(request.query).toString();
  const path = search ? `${request.path}?${search}` : request.path;
  const shown = element('details', element('summary', [
    element('span', request.method, { class: 'method' }), ' ', element('span', path, { class: 'path' }),
  ], { 'data-key': `request ${request.number}` }));
  const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${value}`);
  const text = [`${request.method} ${path}`, ...headers, '', request.body].join('\n').trim();
  shown.append(element('pre', text, { tabindex: 0, 'aria-label': `Request ${request.number}` }));
  shown.open = opened.has(request.number);
  shown.addEventListener('toggle', () => opened[shown.open ? 'add' : 'delete'](request.number));
  return shown;
}

function makeList(list) {
  const heading = element('h2', [list.title, ' ', list.count = element('small')], { id: `${list.name}-title` });
  const head = Object.keys(list.columns).map((name) => element('th', name, { scope: 'col' }));
  list.rows = element('tbody');
  list.table = element('table', [element('thead', element('tr', head)), list.rows], { 'aria-labelledby': heading.id });
  list.none = element('p', 'none', { class: 'none' });
  list.earlier = turn(list, -1, '‹', `Earlier rows of ${list.title}`);
  list.later = turn(list, 1, '›', `Later rows of ${list.title}`);
  list.pager = element('nav', [list.earlier, list.position = element('span'), list.later], { 'aria-label': `Pages of ${list.title}` });
  const tools = element('div', [...(list.hasFilter ? [filter(list)] : []), list.pager], { class: 'tools' });
  list.section = element('section', [element('div', [heading, tools], { class: 'bar' }), list.table, list.none]);
  byId('lists').append(list.section);
}

function turn(list, step, text, label) {
  const button = element('button', text, { type: 'button', 'aria-label': label });
  button.addEventListener('click', () => ask({ [list.name]: Number(query[list.name] ?? 1) + step }));
  return button;
}

function filter(list) {
  const input = element('input', [], { type: 'search', placeholder: 'path, 404, dropped' });
  input.value = query.filter ?? '';
  input.addEventListener('input', () => ask({ filter: input.value, [list.name]: 1 }));
  return element('label', ['Filter ', input]);
}

function drawList(list) {
  const { rows, total } = status[list.name] ?? { rows: [], total: 0 };
  const pages = Math.max(1, Math.ceil(total / status.page_size));
  const page = Number(query[list.name] ?? 1);
  if (page > pages) return ask({ [list.name]: pages });
  list.section.hidden = (list.isOptional && !total) || (!status.project && !list.hasFilter);
  list.count.textContent = total.toLocaleString('en');
  list.rows.replaceChildren(...rows.map((row) => element('tr', Object.entries(list.columns).map(
    ([name, cell]) => element('td', element('div', cell(row)), { 'data-label': name }),
  ))));
  list.table.hidden = !rows.length;
  list.none.hidden = rows.length > 0;
  list.pager.hidden = pages === 1;
  list.earlier.disabled = page === 1;
  list.later.disabled = page === pages;
  list.position.textContent = `${page} of ${pages}`;
}

// ------------------------------------------------------------------------------------ the page

const keyOf = (project) => {
  const key = status.projects.find((each) => each.project === project)?.key;
  return key ? `${key} ${project.slice(0, 4)}` : project;
};

function drawProjects() {
  byId('choice').hidden = status.projects.length < 2;
  const chosen = byId('project');
  if (document.activeElement === chosen) return; // the menu is in use
  chosen.replaceChildren(...status.projects.map(({ project }) => element('option', keyOf(project), { value: project })));
  chosen.value = status.project;
}

function drawClock() {
  byId('version').textContent = status.api_version;
  byId('clock').textContent = `${status.time.slice(0, 19).replace('T', ' ')} UTC`;
  const paces = { 0: 'manual clock', 1: 'real time' };
  byId('pace').textContent = paces[status.speed] ?? `${status.speed} times as fast as real time`;
}

function draw() {
  const focused = document.activeElement?.dataset?.key;
  drawClock();
  drawProjects();
  byId('welcome').hidden = status.project !== null;
  byId('sample').hidden = !status.gives_sample_data;
  byId('address').textContent = location.origin;
  const tiles = LISTS.filter((list) => list.name in status && !list.isOptional);
  byId('tiles').replaceChildren(...tiles.map((list) => element('li', [
    element('b', status[list.name].total.toLocaleString('en')), ' ', list.title.toLowerCase(),
  ])));
  LISTS.forEach(drawList);
  if (focused) document.querySelector(`[data-key="${focused}"]`)?.focus();
}

async function refresh() {
  try {
    const response = await fetch(`/_emulator/status?${new URLSearchParams(query)}`);
    if (response.ok) [status] = [await response.json()];
    document.body.classList.toggle('gone', !response.ok);
  } catch {
    document.body.classList.add('gone');
  }
  byId('gone').hidden = !document.body.classList.contains('gone');
  if (status) draw();
}

function ask(changes) {
  Object.assign(query, changes);
  return refresh();
}

LISTS.forEach(makeList);
byId('project').addEventListener('change', (event) => {
  for (const { name } of LISTS) delete query[name];
  event.target.blur();
  ask({ project: event.target.value });
});
await refresh();
for (;;) {
  await new Promise((resume) => setTimeout(resume, PERIOD));
  const isCopying = Boolean(getSelection().toString()); // keep selected text in place
  if (!document.hidden && !isCopying) await refresh();
}
