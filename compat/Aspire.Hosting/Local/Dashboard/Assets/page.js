'use strict';
// The server draws; this replaces what changed, follows a log and spares the page its reloads.
const $ = id => document.getElementById(id);
const { token } = document.body.dataset;
const MOST_LINES = 2000;
let stream = null;

// Resources
function age(since) {
  const s = Math.max(0, (Date.now() - new Date(since)) / 1000);
  if (s < 90) return `${Math.floor(s)} s`;
  if (s < 5400) return `${Math.floor(s / 60)} min`;
  return s < 172800 ? `${Math.floor(s / 3600)} h` : `${Math.floor(s / 86400)} d`;
}

function tick() {
  for (const time of document.querySelectorAll('.facts time')) time.textContent = age(time.dateTime);
}

function mark() {
  for (const row of $('resources').children) row.classList.toggle('chosen', row.id === `r-${document.body.dataset.log}`);
}

function replace({ name, html, headline }) {
  const row = $(`r-${name}`);
  if (!row || row.dataset.html === html) return;
  const focused = row.contains(document.activeElement) ? document.activeElement.dataset.command ?? 'name' : null;
  const fresh = document.createElement('template');
  fresh.innerHTML = html;
  const made = fresh.content.firstElementChild;
  made.dataset.html = html;
  row.replaceWith(made);
  if (focused) (made.querySelector(`[data-command="${focused}"]`) ?? made.querySelector('.name')).focus();
  $('headline').innerHTML = headline;
  mark();
  tick();
}

const changes = new EventSource('/events');
changes.onmessage = message => replace(JSON.parse(message.data));
changes.onopen = () => { $('connection').hidden = true; };
changes.onerror = () => { $('connection').hidden = false; };

// Buttons: forms without this script, one request with it
document.addEventListener('submit', async event => {
  const button = event.submitter;
  if (!button?.dataset.command) return;
  event.preventDefault();
  button.disabled = true;
  const answer = await fetch(button.formAction, { method: 'POST', headers: { 'X-Token': token, Accept: 'application/json' } }).catch(() => null);
  if (answer?.status === 403) location.reload(); // the orchestrator is another one: its token too
  button.disabled = false;
});

// The log
function add(lines) {
  const box = $('lines');
  for (const { number, time, level, text } of lines) {
    const line = document.createElement('p');
    line.className = level;
    const at = document.createElement('time');
    at.textContent = time;
    line.append(at, text);
    line.classList.toggle('apart', !matches(line));
    box.append(line);
    document.body.dataset.after = number;
  }
  while (box.childElementCount > MOST_LINES) box.firstElementChild.remove();
  if ($('follow').checked) box.scrollTop = box.scrollHeight;
}

function matches(line) {
  return line.textContent.toLowerCase().includes($('filter').value.toLowerCase());
}

function follow() {
  stream?.close();
  const { log, after } = document.body.dataset;
  stream = new EventSource(`/resources/${encodeURIComponent(log)}/log?after=${after}`);
  stream.onmessage = message => add(JSON.parse(message.data));
  stream.onerror = () => {  // a plain reconnect would repeat lines
    stream.close();
    setTimeout(follow, 2000);
  };
}

document.addEventListener('click', event => {
  const link = event.target.closest('[data-show]');
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  document.body.dataset.log = $('log-name').textContent = link.dataset.show;
  document.body.dataset.after = 0;
  $('lines').replaceChildren();
  history.replaceState(null, '', `/?log=${encodeURIComponent(link.dataset.show)}`);
  mark();
  follow();
});

$('filter').addEventListener('input', () => {
  for (const line of $('lines').children) line.classList.toggle('apart', !matches(line));
});
$('lines').addEventListener('scroll', () => {
  const box = $('lines');
  $('follow').checked = box.scrollHeight - box.scrollTop - box.clientHeight < 40;
});

mark();
tick();
setInterval(tick, 1000);
$('lines').scrollTop = $('lines').scrollHeight;
follow();
