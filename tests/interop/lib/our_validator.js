'use strict';
// plugproof's validator as a process that answers lines.

const {spawn} = require('node:child_process');

class OurValidator {
  constructor(program) {
    this.child = spawn(program, {stdio: ['pipe', 'pipe', 'inherit']});
    this.rest = '';
    this.answers = [];
    this.wanted = 0;
    this.child.stdout.setEncoding('utf8');
    this.child.stdout.on('data', text => this.receive(text));
    this.ended = new Promise(resolve => {
      this.child.on('error', error => {
        this.fail(error);
        resolve(undefined);
      });
      this.child.on('exit', code => {
        this.fail(new Error(`the validator ended with ${code} while it was asked`));
        resolve(code);
      });
    });
    this.child.stdin.on('error', error => this.fail(error));
  }

  fail(error) {
    this.failure ??= error;
    this.reject?.(error);
  }

  // One answer {valid, violations} for each line, in their order.
  ask(lines) {
    return new Promise((resolve, reject) => {
      if (this.failure) return reject(this.failure);
      this.wanted = lines.length;
      this.resolve = resolve;
      this.reject = reject;
      this.child.stdin.write(lines.join('\n') + '\n');
    });
  }

  receive(text) {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop();
    for (const line of lines) this.answers.push(JSON.parse(line));
    if (this.answers.length < this.wanted) return;
    const answers = this.answers;
    this.answers = [];
    this.reject = undefined;
    this.resolve(answers);
  }

  async end() {
    this.child.stdin.end();
    return this.ended;
  }
}

module.exports = {OurValidator};
