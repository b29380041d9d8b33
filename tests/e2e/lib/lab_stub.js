'use strict';
// A laboratory's rig behind the HTTP interface that the official tool calls: takes its operations at /station and
// /vehicle and performs them on a running `plugproof simulate`, by its control socket.

const http = require('node:http');
const net = require('node:net');

// One line to the control socket, one line back: 'done' or 'refused: reason'.
function act(control, line) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(control, () => socket.write(line + '\n'));
    let answer = '';
    socket.setEncoding('utf8').on('data', text => {
      answer += text;
      if (!answer.endsWith('\n')) return;
      socket.end();
      resolve(answer.trim());
    });
    socket.on('error', reject);
  });
}

class Refusal extends Error {
  constructor(status, text) {
    super(text);
    this.status = status;
  }
}

function word(query, name) {
  const value = query.get(name);
  if (value !== 'true' && value !== 'false') throw new Refusal(400, `${name} must be true or false, not ${value}`);
  return value;
}

function connector(query) {
  if (!/^\d+$/.test(query.get('evse_id') ?? '')) throw new Refusal(400, 'evse_id is missing');
  if (query.get('connector_id') !== '1') throw new Refusal(400, 'every EVSE has one connector');
  return `connector=${query.get('evse_id')}`;
}

// The actions of the simulator that an operation stands for.
const STATES = {faulted: 'fault', unlock_failed: 'unlock_failure'};
const OPERATIONS = {
  station: {
    plugin: query => [`plug_in ${connector(query)} halfway=${word(query, 'halfway')}`],
    plugout: query => [`plug_out ${connector(query)}`],
    authorize: query => {
      if (!query.get('id') || !query.get('type')) throw new Refusal(400, 'id and type are needed');
      return [`present_id id_tag=${query.get('id')} ${connector(query)}`];
    },
    reboot: () => ['power_cycle'],
    state: query => {
      const lines = Object.entries(STATES).filter(([name]) => query.has(name))
        .map(([name, action]) => `${action} ${connector(query)} on=${word(query, name)}`);
      if (lines.length === 0) throw new Refusal(501, 'none of these states can be set');
      return lines;
    },
  },
  vehicle: {
    plugin: () => ['ev_plug_in connector=1'],
    plugout: () => ['ev_plug_out connector=1'],
    state: query => [`ev_ready connector=1 ready=${word(query, 'ready')}`],
  },
};

class LabStub {
  // `lacks`: operations that this rig was built without. `hang`: it takes calls and never answers.
  constructor(t, control, {lacks = [], hang = false} = {}) {
    this.control = control;
    this.lacks = lacks;
    this.calls = [];  // '/station/plugin evse_id=1&...'
    this.server = http.createServer((request, response) => {
      const url = new URL(request.url, 'http://lab');
      this.calls.push(`${url.pathname.replace('/api/v1', '')} ${url.searchParams}`.trim());
      this.called?.();
      if (hang) return;
      this.serve(request, url).then(
        () => response.writeHead(200).end(),
        error => response.writeHead(error.status ?? 500, {'Content-Type': 'text/plain'}).end(error.message));
    });
    t.after(() => {
      this.server.closeAllConnections?.();
      this.server.close();
    });
  }

  async listen() {
    await new Promise(resolve => this.server.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${this.server.address().port}`;
    return {station: `${base}/station`, vehicle: `${base}/vehicle`, headers: {'X-Lab-Key': 'seven'}};
  }

  // Resolves when the next call comes.
  nextCall() {
    return new Promise(resolve => {
      this.called = resolve;
    });
  }

  async serve(request, url) {
    const [, side, , , operation] = url.pathname.split('/');
    if (request.headers['x-lab-key'] !== 'seven') throw new Refusal(401, 'the key is missing');
    if (request.method !== 'POST') throw new Refusal(405, 'by POST only');
    if (request.headers['content-length'] !== '0') throw new Refusal(400, 'no body is wanted');
    const make = OPERATIONS[side]?.[operation];
    if (!make || this.lacks.includes(operation)) throw new Refusal(404, `there is no ${operation} here`);
    for (const line of make(url.searchParams)) {
      const answer = await act(this.control, line);
      // What is out already is out: the operations name what is wanted (docs/lab-guide.md).
      if (/^refused: no vehicle is connected/.test(answer)) continue;
      if (answer !== 'done') throw new Refusal(409, answer);
    }
  }
}

module.exports = {LabStub};
