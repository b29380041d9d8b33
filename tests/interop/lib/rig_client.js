'use strict';
// node rig_client.js SOCKET ACTION [name=value ...]: the rig program of the strict interoperability test. Hands one
// action to the charge point in the test's process; exit status 0 when it was done.

const net = require('node:net');

const [socketPath, ...words] = process.argv.slice(2);
const socket = net.connect(socketPath, () => socket.end(words.join(' ') + '\n'));
let answer = '';
socket.setEncoding('utf8').on('data', text => {
  answer += text;
});
socket.on('error', error => {
  console.log(`the charge point cannot be reached: ${error.message}`);
  process.exitCode = 1;
});
socket.on('end', () => {
  console.log(answer.trim());
  process.exitCode = answer.trim() === 'done' ? 0 : 1;
});
