// Sign-in and consent in a real browser, with JavaScript switched off, by keyboard and by label as a person would.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { challenge, verifier } from '../oauth/browser.ts';
import { openRig, type Rig } from '../oauth/part.ts';
import { engines } from '../parts/engines.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
// A folder for pictures of every page, for those who want to look: CAUSEWAY_SCREENSHOTS=/some/folder
const pictures = process.env.CAUSEWAY_SCREENSHOTS ?? '';

describe('sign-in and consent in a browser', {
  skip: executablePath ? false : 'no Chromium on this machine; .ci/run installs one',
}, () => {
  let rig: Rig;
  let browser: Browser;
  let context: BrowserContext;
  let client: { sysId: string; id: string; secret: string };
  let application: Server;
  let callback: string;
  const arrivals: URL[] = [];

  before(async () => {
    application = createServer((request, response) => {
      arrivals.push(new URL(request.url ?? '/', callback));
      response.end('<!doctype html><title>Reports</title>Signed in.');
    });
    await new Promise<void>((resolve) => application.listen(0, '127.0.0.1', resolve));
    callback = `http://127.0.0.1:${(application.address() as AddressInfo).port}/callback`;
    const engine = engines.find((one) => one.name === 'sqlite');
    assert.ok(engine);
    rig = await openRig(engine);
    await rig.user('ada', { first_name: 'Ada', last_name: 'Lovelace' });
    client = await rig.client({ name: 'Quarterly Reports', redirect_url: callback });
    browser = await chromium.launch({ executablePath, args });
    if (pictures) await mkdir(pictures, { recursive: true });
  });
  after(async () => {
    await browser?.close();
    await rig?.close();
    application?.close();
  });

  const open = async () => {
    arrivals.length = 0;
    context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 900, height: 700 } });
    const page = await context.newPage();
    const asked = new URLSearchParams({
      response_type: 'code',
      client_id: client.id,
      redirect_uri: callback,
      state: 'a state of its own',
      code_challenge: challenge,
      code_challenge_method: 'S256',
    });
    await page.goto(`${rig.url}/oauth_auth.do?${asked}`);
    const picture = async (name: string) => {
      if (pictures) await page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });
    };
    return { page, picture };
  };

  it('lets a person in by keyboard alone, and the application gets a code that works', async () => {
    const { page, picture } = await open();
    await picture('sign_in');
    assert.match(await page.title(), /sign in/i);
    assert.equal(await page.locator('html').getAttribute('lang'), 'en');
    assert.match((await page.locator('body').textContent()) ?? '', /Quarterly Reports/);
    await page.getByLabel(/user name/i).fill('ada');
    await page.getByLabel(/password/i).fill('river stone lamp');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Allow' }).waitFor();
    await picture('consent');
    const consent = (await page.locator('body').textContent()) ?? '';
    assert.match(consent, /Quarterly Reports/);
    assert.match(consent, /Ada Lovelace/);
    await page.getByRole('button', { name: 'Allow' }).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/callback/);
    const [arrival] = arrivals;
    assert.equal(arrival?.searchParams.get('state'), 'a state of its own');
    const answer = await rig.token({
      grant_type: 'authorization_code',
      code: arrival?.searchParams.get('code') ?? '',
      redirect_uri: callback,
      client_id: client.id,
      client_secret: client.secret,
      code_verifier: verifier,
    });
    assert.equal(answer.status, 200, answer.text);
    await context.close();
  });

  it('says what went wrong where a screen reader hears it, and gives no code on Deny', async () => {
    const { page, picture } = await open();
    await page.getByLabel(/user name/i).fill('ada');
    await page.getByLabel(/password/i).fill('not the one');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await picture('wrong_password');
    await page.getByLabel(/user name/i).fill('ada');
    await page.getByLabel(/password/i).fill('river stone lamp');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Deny' }).click();
    await page.waitForURL(/callback/);
    assert.equal(arrivals[0]?.searchParams.get('error'), 'access_denied');
    assert.equal(arrivals[0]?.searchParams.get('code'), null);
    await context.close();
  });
});
