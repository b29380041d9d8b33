'use strict';
// A bench of processes: `plugproof run --dut listen` at a free port, `plugproof simulate` as the charge point, and what
// the run leaves behind.

const fs = require('node:fs');
const path = require('node:path');

const {DEADLINE, executable, plugproof, scratch} = require('./program.js');

const PICS = 'pics/certified/CHQ-S-07SR.yaml';

class Bench {
  // One whose file servers have the two images of the reference charge point.
  static async withImages(t, protocol) {
    const images = scratch(t);
    await plugproof(t, ['simulate', '--pics', PICS, '--write-images', images]).endsWith(0);
    return new Bench(t, {
      pixit: {
        transfer_protocol: protocol,
        files: {firmware: path.join(images, 'firmware.bin'), invalid_firmware: path.join(images, 'damaged.bin')},
      },
    });
  }

  // `pixit` overrides the values of a bench whose rig is the simulator's control socket.
  constructor(t, {pixit = {}, name = 'run', pics = PICS} = {}) {
    this.t = t;
    this.pics = pics;
    this.folder = scratch(t);
    this.control = path.join(this.folder, 'control.sock');
    this.out = path.join(this.folder, 'runs');
    this.name = name;
    this.values = {identity: 'CP001', port: 0, connect_timeout: 30, quiet_time: 2, ...pixit};
    this.pixit = path.join(this.folder, 'pixit.yaml');
    if (pixit.rig)
      this.writePixit();
    else
      this.setRig([executable, 'act', '--control', this.control]);
  }

  // The program that performs the physical actions.
  setRig(command) {
    this.values.rig = {adapters: ['command'], command, timeout: 20};
    this.writePixit();
  }

  // JSON is YAML, and needs no writer.
  writePixit() {
    fs.writeFileSync(this.pixit, JSON.stringify(this.values));
  }

  get runFolder() {
    return path.join(this.out, this.name);
  }

  runArguments(cases, more = []) {
    return ['run', '--pics', this.pics, '--pixit', this.pixit, '--dut', 'listen', '--out', this.out, '--name', this.name,
            '--only', cases.join(','), ...more];
  }

  run(cases, {more, ...options} = {}) {
    this.harness = plugproof(this.t, this.runArguments(cases, more), options);
    return this.harness;
  }

  // Where the harness listens, once it says so: ws://127.0.0.1:PORT/
  async url() {
    const [, url] = await this.harness.output(/Waiting for the charge point at (wss?:\/\/\S+:\d+\/)<identity>/);
    return url;
  }

  async simulate({identity = 'CP001', more = []} = {}) {
    return plugproof(this.t, ['simulate', '--pics', this.pics, '--control', this.control, ...more, (await this.url()) + identity]);
  }

  // Resolves with what `look` finds, asked whenever the folder of the run changes, at the latest when the harness has
  // ended; rejects when `deadline` passes first.
  seen(look, {harness = this.harness, deadline = DEADLINE} = {}) {
    return new Promise((resolve, reject) => {
      const stop = () => {
        watch.close();
        clearTimeout(timer);
        harness.followers.delete(again);
      };
      const again = () => {
        const found = look();
        if (!found && !harness.ended) return;
        stop();
        resolve(found);
      };
      const watch = fs.watch(this.runFolder, again);
      const timer = setTimeout(() => {
        stop();
        reject(new Error(harness.describe(`what is waited for did not come within ${deadline} ms`)));
      }, deadline);
      harness.followers.add(again);
      again();
    });
  }

  text() {
    return fs.readFileSync(path.join(this.runFolder, 'journal.jsonl'), 'utf8');
  }

  records() {
    return this.text().split('\n').slice(0, -1).map(line => JSON.parse(line));
  }

  results() {
    return JSON.parse(fs.readFileSync(path.join(this.runFolder, 'results.json'), 'utf8'));
  }

  result(id) {
    return this.results().cases.find(c => c.id === id);
  }

  // The text of every file of the run.
  files() {
    return new Map(fs.readdirSync(this.runFolder).sort().map(
      name => [name, fs.readFileSync(path.join(this.runFolder, name), 'utf8')]));
  }
}

module.exports = {Bench, PICS};
