'use strict';
// A headless Chromium, the one that is installed: nothing is downloaded, and no profile of a user is touched.

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const {chromium} = require('playwright-core');

const executablePath = (process.env.PATH ?? '').split(path.delimiter).flatMap(
  folder => ['chromium', 'chromium-browser', 'google-chrome'].map(name => path.join(folder, name))).find(
  file => fs.existsSync(file));

const launch = () => {
  assert.ok(executablePath, "no Chromium was found on the PATH; install the Debian package: apt-get install chromium");
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
           '--disable-component-update', '--disable-sync'],
  });
};

// Opens a file and remembers whatever it says, asks for or pops up.
async function open(browser, file, {hash = '', ...options} = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);  // ms, for what takes a second on an idle machine
  page.complaints = [];
  page.requests = [];
  page.on('console', message => page.complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', error => page.complaints.push(String(error)));
  page.on('dialog', dialog => {
    page.complaints.push(`dialog: ${dialog.message()}`);
    return dialog.dismiss();
  });
  page.on('request', request => page.requests.push(request.url()));
  await page.goto(`file://${file}${hash}`);
  return page;
}

module.exports = {launch, open};
