'use strict';
// plugproof as a process: started, followed by its output and its end, each within a deadline, and ended with the
// test that started it. Nothing here sleeps.

const assert = require('node:assert/strict');
const {spawn} = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const project = path.resolve(__dirname, '..', '..', '..');
const executable = process.env.PLUGPROOF;
assert.ok(executable, 'PLUGPROOF must name the program plugproof');

const DEADLINE = 60_000;  // ms, for what should take a second or two on an idle machine

// The id of the installation is kept here, not in the home folder of whoever runs the tests.
const state = fs.mkdtempSync(path.join(os.tmpdir(), 'plugproof-e2e-state-'));
process.on('exit', () => fs.rmSync(state, {recursive: true, force: true}));

// Clean-ups of a test, in reverse: a program ends before the folder that it writes to goes.
const cleanups = new WeakMap();
function atEnd(t, cleanup) {
  if (!cleanups.has(t)) {
    cleanups.set(t, []);
    t.after(async () => {
      for (const next of cleanups.get(t).reverse()) await next();
    });
  }
  cleanups.get(t).push(cleanup);
}

// A new folder that lives as long as the test.
function scratch(t) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'plugproof-e2e-'));
  atEnd(t, () => fs.rmSync(folder, {recursive: true, force: true}));
  return folder;
}

class Program {
  constructor(t, file, args, {cwd = project, env = {}, stdin = 'ignore'} = {}) {
    this.line = [path.basename(file), ...args].join(' ');
    this.stdout = '';
    this.stderr = '';
    this.followers = new Set();
    this.child = spawn(file, args, {cwd, env: {...process.env, NO_COLOR: '1', PLUGPROOF_STATE: state, ...env}, stdio: [stdin, 'pipe', 'pipe']});
    this.child.stdout.setEncoding('utf8').on('data', text => this.add('stdout', text));
    this.child.stderr.setEncoding('utf8').on('data', text => this.add('stderr', text));
    this.closed = new Promise((resolve, reject) => {
      this.child.on('error', reject);
      this.child.on('close', (status, signal) => {
        this.ended = {status, signal};
        this.tell();
        resolve(this.ended);
      });
    });
    atEnd(t, async () => {
      if (!this.ended) this.child.kill('SIGKILL');
      await this.closed;
    });
  }

  add(stream, text) {
    this[stream] += text;
    this.tell();
  }

  tell() {
    for (const follower of this.followers) follower();
  }

  describe(wanted) {
    return `${wanted}\n--- ${this.line}\n${this.stdout}--- stderr\n${this.stderr}---`;
  }

  // Resolves with the match once the output holds it; rejects when the program ends or `deadline` passes first.
  output(pattern, {stream = 'stdout', from = 0, deadline = DEADLINE} = {}) {
    return new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer);
        this.followers.delete(look);
      };
      const look = () => {
        const match = this[stream].slice(from).match(pattern);
        if (match) {
          stop();
          resolve(match);
        } else if (this.ended) {
          stop();
          reject(new Error(this.describe(`the program ended without printing ${pattern}`)));
        }
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(this.describe(`${pattern} was not printed within ${deadline} ms`)));
      }, deadline);
      this.followers.add(look);
      look();
    });
  }

  // The exit status, or the name of the signal that ended the program.
  async end(deadline = DEADLINE) {
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(this.describe(`the program did not end within ${deadline} ms`))), deadline);
    });
    try {
      const {status, signal} = await Promise.race([this.closed, late]);
      return signal ?? status;
    } finally {
      clearTimeout(timer);
    }
  }

  async endsWith(status, deadline = DEADLINE) {
    const got = await this.end(deadline);
    assert.equal(got, status, this.describe(`exit status ${got}, expected ${status}`));
  }
}

const plugproof = (t, args, options) => new Program(t, executable, args, options);

module.exports = {DEADLINE, Program, atEnd, executable, plugproof, project, scratch};
