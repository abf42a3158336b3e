// Signs an export user in at a real OpenID provider, by the real program, and looks whether they stay signed in.
//
// Usage: node drive.mjs SEGUE TEST-PROGRAM. Needs an open keyring, and SEGUE_HOME in an empty folder. `.ci/oidc` runs it.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const [segue, program] = process.argv.slice(2);
const CLIENT = 'segue-test';
const lives = { AccessToken: 2, DeviceCode: 120 };

function provide(port) {
  const issuer = `http://127.0.0.1:${port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: CLIENT,
      application_type: 'native',
      token_endpoint_auth_method: 'none',
      grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
      response_types: ['code'],
      redirect_uris: ['http://localhost'],
    }],
    scopes: ['openid', 'offline_access', 'profile', `${issuer}/user_impersonation`],
    claims: { openid: ['sub'], profile: ['preferred_username'] },
    conformIdTokenClaims: false,
    features: { deviceFlow: { enabled: true }, devInteractions: { enabled: true } },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    pkce: { required: () => true },
    ttl: {
      AccessToken: () => lives.AccessToken,
      DeviceCode: () => lives.DeviceCode,
      AuthorizationCode: 60, Grant: 3600, IdToken: 3600, Interaction: 600, RefreshToken: 3600, Session: 600,
    },
    findAccount: async (_ctx, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, preferred_username: `${id}@contoso.example` }),
    }),
    cookies: { keys: ['not a secret'] },
  });
  // Entra's word for asking which account; this provider knows another one.
  provider.use(async (ctx, next) => {
    if (ctx.path === '/auth' && ctx.query.prompt === 'select_account') ctx.query = { ...ctx.query, prompt: 'consent' };
    return next();
  });
  return provider;
}

// A browser that fills in forms and follows redirects, until it is sent to where nobody but Segue is.
class Browser {
  jar = new Map();
  // Whether it runs on another computer than Segue, and so cannot show what is there.
  elsewhere = false;

  async get(url, options = {}) {
    for (;;) {
      const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, { ...options, redirect: 'manual', headers: { ...options.headers, cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        if (value) this.jar.set(name, value); else this.jar.delete(name);
      }
      const next = answer.headers.get('location');
      const page = { url, status: answer.status, text: await answer.text() };
      if (!next) return page;
      [url, options] = [new URL(next, url).href, {}];
      if (this.elsewhere && url.startsWith('http://localhost')) return { url, status: 0, text: '' };
    }
  }

  submit(page, more) {
    const action = /<form[^>]*action="([^"]*)"/.exec(page.text);
    assert(action, `no form on ${page.url}: ${page.status} ${page.text}`);
    const fields = new URLSearchParams();
    for (const [input] of page.text.matchAll(/<input[^>]*>/g)) {
      const name = /name="([^"]*)"/.exec(input)?.[1];
      const value = /value="([^"]*)"/.exec(input)?.[1];
      if (name && value !== undefined) fields.set(name, value);
    }
    for (const [name, value] of Object.entries(more)) fields.set(name, value);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.get(new URL(action[1], page.url).href, { method: 'POST', body: `${fields}`, headers });
  }

  // Signs in and agrees, wherever the page asks for it.
  async agree(page) {
    if (/name="login"/.test(page.text)) page = await this.submit(page, { login: 'anna', password: 'x' });
    if (/name="prompt" value="consent"/.test(page.text)) page = await this.submit(page, {});
    return page;
  }
}

function start(command, args, env = {}, input = 'ignore') {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: [input, 'pipe', 'pipe'] });
  const run = { child, out: '', err: '' };
  child.stdout.on('data', (text) => { run.out += text; });
  child.stderr.on('data', (text) => { run.err += text; });
  run.ended = once(child, 'close').then(([code]) => code);
  run.says = async (pattern, where = 'err') => {
    for (let tries = 0; tries < 200; tries += 1) {
      // In a terminal an address is a link, too.
      const found = pattern.exec(run[where].replace(/\x1b\]8;[^\x1b]*\x1b\\/g, ''));
      if (found) return found[1];
      await new Promise((wake) => { setTimeout(wake, 50); });
    }
    throw new Error(`did not say ${pattern}:\n${run[where]}`);
  };
  return run;
}

const server = createServer();
await once(server.listen(0, '127.0.0.1'), 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;
server.on('request', provide(server.address().port).callback());
process.env.SEGUE_ENTRA_AUTHORITY = issuer;
process.env.BROWSER = '/bin/true';

const flags = ['--client-id', CLIENT, '--tenant', 'contoso.example', '--environment', issuer];
const login = (...more) => start(segue, ['login', 'insights', ...more]);
const url = /^\s*(http\S+)$/m;
const code = /^\s*([A-Z]{4}-[A-Z]{4})$/m;

async function ends(run, exit, pattern) {
  assert.equal(await run.ended, exit, `${run.out}\n${run.err}`);
  if (pattern) assert.match(run.err, pattern);
  assert(!/eyJ|"refresh_token"/.test(run.out + run.err), 'a token was shown');
}

console.log('== the browser, and a name of the account');
let run = login(...flags);
let browser = new Browser();
let page = await browser.agree(await browser.get(await run.says(url)));
assert.match(page.text, /You are signed in/, page.text);
await ends(run, 0, /Signed in to anna@contoso\.example/);
assert.equal(run.out.trim(), 'anna-contoso-example');

console.log('== the browser, denied');
run = login(...flags, '--as', 'denied');
browser = new Browser();
page = await browser.get(await run.says(url));
page = await browser.get(new URL(/href="([^"]*\/abort)"/.exec(page.text)[1], page.url).href);
assert.match(page.text, /You did not approve/);
await ends(run, 4, /declined/);

console.log('== a code for another device');
run = login('--as', 'coded', ...flags, '--device');
const device = async (agreed) => {
  browser = new Browser();
  page = await browser.get(await run.says(url));
  page = await browser.submit(page, { user_code: await run.says(code) });
  page = await browser.submit(page, agreed ? {} : { abort: 'yes' });
  return agreed ? browser.agree(page) : page;
};
await device(true);
await ends(run, 0, /Signed in to anna/);

console.log('== a code, denied');
run = login('--as', 'denied', ...flags, '--device');
await device(false);
await ends(run, 4, /declined/);

console.log('== a code that nobody enters');
lives.DeviceCode = 3;
run = login('--as', 'late', ...flags, '--device');
await ends(run, 4, /not entered in time/);
lives.DeviceCode = 120;

console.log('== over SSH: the browser is elsewhere, and its address is pasted');
const words = [segue, 'login', 'insights', '--as', 'coded', ...flags].map((word) => `'${word}'`).join(' ');
run = start('script', ['-qec', words, '/dev/null'], { SSH_CONNECTION: '1 2 3 4', BROWSER: '' }, 'pipe');
await run.says(code, 'out');
browser = new Browser();
browser.elsewhere = true;
page = await browser.agree(await browser.get((await run.says(/^\s*(http\S+\/auth\?\S+)\s*$/m, 'out'))));
run.child.stdin.write('something else\n');
run.child.stdin.write(`${page.url}\n`);
await ends(run, 0);
assert.match(run.out, /not the address/);
assert.match(run.out, /Signed in to anna/);

console.log('== staying signed in: two processes, one refresh token each time');
const test = (name) => start(program, ['--exact', `oidc::${name}`, '--nocapture'], { SEGUE_TEST_OIDC: 'coded' });
const both = [1, 2].map(() => test('a_login_is_renewed_again_and_again'));
for (const one of both) {
  await ends(one, 0);
  assert.doesNotMatch(one.err, /skipped/);
}

console.log('== a refresh token used twice');
run = test('a_refresh_token_used_twice_ends_the_sign_in');
await ends(run, 0);
assert.doesNotMatch(run.err, /skipped/);

console.log('== signed in again by name alone');
run = login('--as', 'coded');
browser = new Browser();
await browser.agree(await browser.get(await run.says(url)));
await ends(run, 0, /Signed in to anna/);
run = test('a_login_is_renewed_again_and_again');
await ends(run, 0);

console.log('== logins are listed and removed');
run = start(segue, ['logins', '--json']);
await ends(run, 0);
assert.deepEqual(JSON.parse(run.out).map((login) => login.name), ['anna-contoso-example', 'coded']);
for (const name of ['anna-contoso-example', 'coded']) await ends(start(segue, ['logout', name, '--yes']), 0);

server.close();
console.log('oidc: all hold');
process.exit(0);
