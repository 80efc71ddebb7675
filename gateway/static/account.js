// The pages to sign up, sign in and look after an account. What an answer says is set as text, never as markup.
'use strict';
const page = document.body.dataset.page;
const query = new URLSearchParams(location.search);
const by = id => document.getElementById(id);
const csrf = {   // by which our own pages are told from others; the session itself is in a cookie that no script sees
  get() { try { return localStorage.getItem('empire-csrf'); } catch { return null; } },
  set(token) { try { localStorage.setItem('empire-csrf', token); } catch { /* a browser that keeps nothing: forms then ask to sign in again */ } },
};

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function say(words, kind, ...links) {
  const notice = by('notice');
  notice.className = `notice ${kind ?? ''}`;
  notice.replaceChildren(make('p', {}, words, ...links.flatMap(([text, href]) => [' ', make('a', { href, textContent: text })])));
  notice.hidden = false;
}

/** The answer of the API: {status, ok, body, wait}. Never throws: no answer at all has the status 0. */
async function ask(method, path, body) {
  const headers = { Accept: 'application/json' };
  if (body) headers['Content-Type'] = 'application/json';
  if (method !== 'GET' && csrf.get()) headers['X-CSRF-Token'] = csrf.get();
  try {
    const answer = await fetch(path, { method, headers, body: body && JSON.stringify(body), credentials: 'same-origin', referrerPolicy: 'no-referrer' });
    const text = await answer.text();
    let json = {};
    try { json = text ? JSON.parse(text) : {}; } catch { /* from something between us that speaks otherwise */ }
    return { status: answer.status, ok: answer.ok, body: json, wait: Number(answer.headers.get('Retry-After')) || 0 };
  } catch {
    return { status: 0, ok: false, body: {}, wait: 0 };
  }
}

function inWords(seconds) {
  const minutes = Math.ceil(seconds / 60);
  return minutes <= 1 ? 'a minute' : minutes < 90 ? `${minutes} minutes` : `${Math.ceil(minutes / 60)} hours`;
}

function reasonOf(answer) {
  if (answer.status === 0) return 'There is no connection right now. Try again in a moment.';
  const wait = answer.wait > 5 ? ` Try again in ${inWords(answer.wait)}.` : '';
  return (answer.body.message ?? 'Something went wrong on our side. Try again in a moment.') + wait;
}

/** Says beside its field what is wrong with it. False where this form has no such field. */
function blame(form, name, words) {
  const input = form.elements[name];
  if (!input || input.closest('[hidden]')) return false;
  const id = `${input.id}-error`;
  const error = by(id) ?? make('p', { id, className: 'error' });
  error.textContent = words.startsWith('is ') ? `This ${words}` : words.charAt(0).toUpperCase() + words.slice(1);
  input.closest('.field').append(error);
  input.setAttribute('aria-invalid', 'true');
  input.setAttribute('aria-describedby', [...new Set([id, ...(input.getAttribute('aria-describedby') ?? '').split(' ').filter(Boolean)])].join(' '));
  return true;
}

function clear(form) {
  for (const error of form.querySelectorAll('.error')) error.remove();
  for (const input of form.querySelectorAll('[aria-invalid]')) {
    input.removeAttribute('aria-invalid');
    input.setAttribute('aria-describedby', (input.getAttribute('aria-describedby') ?? '').split(' ').filter(id => by(id)).join(' '));
  }
}

/** Shows a refusal: by field where it names fields that the form has, above the form otherwise. */
function refuse(form, answer) {
  const rest = Object.entries(answer.body.errors ?? {}).filter(([name, all]) => !blame(form, name, all[0])).map(([name, all]) => `${name}: ${all[0]}`);
  if (!answer.body.errors || rest.length) say(rest.join(' ') || reasonOf(answer), 'bad');
  (form.querySelector('[aria-invalid]') ?? by('notice')).focus();
}

/** Sends a form by itself: once at a time, and with what is filled in only. */
function onSubmit(id, send) {
  const form = by(id);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    clear(form);
    const notice = by('notice');
    if (page !== 'dashboard') notice.hidden = true;
    const button = form.querySelector('button[type=submit]');
    button.disabled = true;
    try {
      await send(Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, name.startsWith('password') ? value : value.trim()]).filter(([, value]) => value !== '')), form);
    } finally {
      button.disabled = false;
    }
  });
  return form;
}

/** A button beside each password to look at what was typed. */
function addEyes() {
  for (const input of document.querySelectorAll('input[type=password]')) {
    const eye = make('button', { type: 'button', textContent: 'Show' });
    eye.setAttribute('aria-pressed', 'false');
    eye.setAttribute('aria-label', 'Show the password');
    eye.addEventListener('click', () => {
      const shown = input.type === 'password';
      input.type = shown ? 'text' : 'password';
      eye.textContent = shown ? 'Hide' : 'Show';
      eye.setAttribute('aria-pressed', String(shown));
    });
    const row = make('div', { className: 'with-eye' });
    input.replaceWith(row);
    row.append(input, eye);
    input.form.addEventListener('submit', () => { input.type = 'password'; eye.textContent = 'Show'; eye.setAttribute('aria-pressed', 'false'); }, true);   // or the browser would not offer to keep it
  }
}

/** @returns whether the person is in; otherwise what the answer was is shown by the caller. */
async function signIn(fields) {
  const answer = await ask('POST', '/api/auth/login', fields);
  if (!answer.ok) return answer;
  csrf.set(answer.body.csrf_token);
  if ((await ask('GET', '/api/auth/profile')).status === 401)
    say('Your password is right, but this browser did not keep you signed in: it does so only at an address that begins with https, or on this machine itself at http://localhost.', 'bad');
  else location.assign('/dashboard');
  return answer;
}

const pages = {
  async signup() {
    const [invite, form] = [query.get('invite'), by('signup')];
    const showInvite = () => { by('invite-field').hidden = false; by('invite').required = true; };
    if (invite) {
      showInvite();
      by('invite').value = invite;
      by('lead').textContent = 'You are invited. Use the address that the invite was sent to.';
    }
    onSubmit('signup', async fields => {
      const answer = await ask('POST', '/api/auth/signup', fields);
      const code = answer.body.code ?? '';
      if (answer.ok) {
        const { email, password } = fields;
        if (!(await signIn({ email, password })).ok) say('Your account is there.', 'good', ['Sign in', '/login']);
      } else if (code === 'INVITE_REQUIRED') {
        showInvite();
        by('private').hidden = false;
        blame(form, 'invite', 'This installation is private: an invite is needed.');
        by('invite').focus();
      } else if (code === 'INVITE_NOT_YOURS' || code === 'EMAIL_TAKEN') {
        blame(form, 'email', code === 'EMAIL_TAKEN' ? 'There is an account with this address already.' : answer.body.message);
        if (code === 'EMAIL_TAKEN') say('Is it yours?', '', ['Sign in', '/login'], ['or choose a new password', '/forgot-password']);
        by('email').focus();
      } else if (code.startsWith('INVITE_')) {
        showInvite();
        blame(form, 'invite', answer.body.message);
        by('invite').focus();
      } else refuse(form, answer);
    });
    if (!invite && (await ask('GET', '/api/auth/admission')).body.invite_needed) {
      showInvite();
      by('private').hidden = false;
      by('lead').hidden = true;
    }
  },

  login() {
    onSubmit('login', async (fields, form) => {
      const answer = await signIn(fields);
      const code = answer.body.code;
      if (answer.ok) return;
      if (code === 'SECOND_FACTOR_REQUIRED') {
        by('code-field').hidden = false;
        by('code').required = true;
        say('Your password is right. Now the code of your authenticator.', '');
        by('code').focus();
      } else if (code === 'INVALID_CREDENTIALS') {
        say(by('code-field').hidden ? 'E-mail address or password is wrong.' : 'E-mail address, password or code is wrong.', 'bad');
        by(by('code-field').hidden ? 'password' : 'code').select();
      } else if (code === 'ACCOUNT_LOCKED') say(`Too many wrong tries. Try again in ${inWords(answer.wait)}, or choose a new password.`, 'bad', ['By mail', '/forgot-password']);
      else refuse(form, answer);
    });
  },

  'forgot-password'() {
    onSubmit('forgot-password', async (fields, form) => {
      const answer = await ask('POST', '/api/auth/forgot-password', fields);
      if (!answer.ok) return refuse(form, answer);
      form.hidden = true;
      say('If there is an account with this address, a mail is on its way. Look into the folder for spam too. The link in it works once.', 'good');
    });
  },

  'reset-password'() {
    const over = words => {
      by('reset-password').hidden = by('lead').hidden = true;
      by('again').hidden = false;
      say(words, 'bad');
    };
    const token = query.get('token');
    if (!token) return over('This address lacks its last part. Open the link in the mail as a whole, or ask for a new one.');
    onSubmit('reset-password', async ({ password }, form) => {
      const answer = await ask('POST', '/api/auth/reset-password', { token, password });
      if (answer.body.code === 'TOKEN_INVALID' || answer.body.errors?.token) return over('This link does not work any more: it has been used, or its time is over. Ask for a new one.');
      if (!answer.ok) return refuse(form, answer);
      history.replaceState(null, '', '/reset-password');   // it is of no use to anybody now
      form.hidden = by('lead').hidden = true;
      by('next').hidden = false;
      say('Your new password is set. Sign in with it.', 'good');
    });
  },

  async 'verify-email'() {
    const again = words => { by('resend-verification').hidden = false; say(words, 'bad'); };
    onSubmit('resend-verification', async (fields, form) => {
      const answer = await ask('POST', '/api/auth/resend-verification', fields);
      if (!answer.ok) return refuse(form, answer);
      form.hidden = true;
      say('If there is an account with this address, a mail is on its way.', 'good');
    });
    const token = query.get('token');
    if (!token) return again('This address lacks its last part. Open the link in the mail as a whole, or have a new one sent.');
    const answer = await ask('POST', `/api/auth/verify?token=${encodeURIComponent(token)}`);
    if (answer.ok) {
      history.replaceState(null, '', '/verify-email');
      by('next').hidden = false;
      say('Your address is confirmed. Thank you.', 'good');
    } else if (answer.status === 400) again('This link does not work any more: it has been used, or its time is over. If your address is confirmed already, all is well.');
    else say(reasonOf(answer), 'bad');
  },

  async dashboard() {
    const signInAgain = () => location.replace('/login');
    const profile = await ask('GET', '/api/auth/profile');
    if (profile.status === 401) return signInAgain();
    if (!profile.ok) return say(reasonOf(profile), 'bad');
    const me = profile.body;
    const manages = ['owner', 'admin'].includes(me.tenant_role);
    const day = at => new Date(at).toLocaleDateString('en', { day: 'numeric', month: 'long', year: 'numeric' });
    const change = async (method, path, body) => {   // what the account does; says what was in the way
      const answer = await ask(method, path, body);
      if (answer.status === 401 || answer.body.code === 'INVALID_CSRF_TOKEN') signInAgain();
      else if (!answer.ok) { say(Object.values(answer.body.errors ?? {})[0]?.[0] ?? reasonOf(answer), 'bad'); scrollTo({ top: 0 }); }
      return answer;
    };

    by('who').textContent = me.email;
    by('account-name').textContent = me.tenants.find(one => one.tenant === me.tenant)?.name ?? '';
    by('logout').addEventListener('click', async () => { if ((await change('POST', '/api/auth/logout')).ok) location.assign('/login'); });
    by('others').addEventListener('click', async () => {
      const answer = await change('DELETE', '/api/v1/identity/sessions');
      if (answer.ok) { say(answer.body.ended === 1 ? 'One other session is over.' : `${answer.body.ended} other sessions are over.`, 'good'); scrollTo({ top: 0 }); }
    });
    const unverified = onSubmit('resend-verification', async fields => { if ((await change('POST', '/api/auth/resend-verification', fields)).ok) unverified.replaceChildren(make('p', { textContent: 'The mail is on its way.' })); });
    unverified.elements.email.value = me.email;
    unverified.hidden = me.email_verified;

    const asking = me.tenants.filter(one => one.pending && one.is_active);
    by('asked').hidden = asking.length === 0;
    by('asking').replaceChildren(...asking.map(one => {
      const accept = make('button', { type: 'button', textContent: 'Accept' });
      accept.setAttribute('aria-label', `Accept ${one.name}`);
      accept.addEventListener('click', async () => {
        if (!confirm(`Join “${one.name}” as ${one.role}? Its people will see your name, and when you signed in last.`)) return;
        const answer = await change('POST', '/api/auth/switch', { tenant: one.tenant });
        if (!answer.ok) return;
        csrf.set(answer.body.csrf_token);
        location.reload();
      });
      const decline = make('button', { type: 'button', textContent: 'Decline' });
      decline.setAttribute('aria-label', `Decline ${one.name}`);
      decline.addEventListener('click', async () => { if ((await change('POST', '/api/auth/decline', { tenant: one.tenant })).ok) location.reload(); });
      return make('li', {}, make('span', {}, make('strong', { textContent: one.name }), ' ', make('code', { textContent: one.tenant }), make('br'), make('span', { className: 'soft', textContent: `as ${one.role}` })), accept, decline);
    }));

    const showKeys = async () => {
      const keys = [];
      for (let cursor = ''; cursor !== null;) {   // page by page: those that are over stay in the list
        const answer = await ask('GET', `/api/v1/identity/keys?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
        if (!answer.ok) return say(reasonOf(answer), 'bad');
        keys.push(...answer.body.data);
        cursor = answer.body.next_cursor;
      }
      by('keys').replaceChildren(...keys.filter(key => !key.revoked_at).map(key => {
        const used = key.last_used_at ? `last used on ${day(key.last_used_at)}` : 'not used yet';
        const revoke = make('button', { type: 'button', textContent: 'Revoke' });
        revoke.setAttribute('aria-label', `Revoke ${key.name}`);
        revoke.addEventListener('click', async () => {
          if (confirm(`Revoke “${key.name}”? Programs that use it are turned away at once.`) && (await change('DELETE', `/api/v1/identity/keys/${key.id}`)).ok) await showKeys();
        });
        return make('li', {}, make('span', {}, make('strong', { textContent: key.name }), ' ', make('code', { textContent: `…${key.last_four}` }), make('br'), make('span', { className: 'soft', textContent: used })), ...(manages ? [revoke] : []));
      }));
    };
    onSubmit('key', async (fields, form) => {
      const answer = await change('POST', '/api/v1/identity/keys', fields);
      if (!answer.ok) return;
      const key = answer.body.api_key;
      by('secret').textContent = key;
      by('try').textContent = `curl -H "Authorization: Bearer ${key}" \\\n  ${location.origin}/api/v1/identity/me`;
      by('new-key').hidden = false;
      form.reset();
      form.elements.name.value = '';
      await showKeys();
    }).hidden = !manages;
    by('copy').addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(by('secret').textContent);
        by('copy').textContent = 'Copied';
      } catch {
        getSelection().selectAllChildren(by('secret'));   // not over http: then by hand
      }
    });

    const usage = await ask('GET', '/api/usage');
    if (usage.ok) {
      const names = { api_calls: 'API calls this month', storage_bytes: 'Storage' };
      const shown = (item, amount) => item === 'storage_bytes' ? `${(amount / 1e6).toLocaleString('en', { maximumFractionDigits: 1 })} MB` : amount.toLocaleString('en');
      by('tier').textContent = usage.body.tier;
      by('resets').textContent = day(usage.body.resets_at);
      by('usage').replaceChildren(...usage.body.usage.map(({ item, used, limit }) => {
        const name = names[item] ?? item.charAt(0).toUpperCase() + item.slice(1);
        const meter = limit === null ? [] : [make('meter', { min: 0, max: limit, value: used, high: limit * 0.9, ariaLabel: name })];
        return make('li', {}, make('span', { textContent: name }), make('span', {}, limit === null ? `${shown(item, used)}, without limit` : `${shown(item, used)} of ${shown(item, limit)}`, ...meter));
      }));
      by('upgrade').hidden = by('upgrade-hint').hidden = usage.body.tier !== 'free' || me.tenant_role === 'viewer';
    }
    onSubmit('upgrade', async fields => {
      const answer = await change('POST', '/api/upgrade', { ...fields, email: me.email });
      if (!answer.ok) return;
      const { payment_url: url, pay_address: address, pay_amount: amount, pay_currency: coin, currency } = answer.body;
      if (url) return location.assign(url);
      by('pay').textContent = address ? `Send ${amount} ${coin} to ${address} (${answer.body.amount} ${currency}). A mail tells you when it has arrived.` : 'There is nothing left to pay. A mail tells you when it is done.';
      by('pay').hidden = false;
    });

    await showKeys();
    by('notice').hidden = true;
    by('account').hidden = false;
  },
};

addEyes();
pages[page]();
