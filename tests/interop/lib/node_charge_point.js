'use strict';
// A small charge point on ocpp-rpc in strict mode: one connector with a fixed cable. It knows the specification and
// shares no code with plugproof. What it does not do (meter values of a session, cache, charging profiles, files), it does
// not claim.

const {RPCClient, createRPCError} = require('ocpp-rpc');

const {NodeConfiguration} = require('./node_configuration.js');
const {NodeLocalList} = require('./node_local_list.js');

const RETRY = 200;  // ms between attempts to connect again

class NodeChargePoint {
  // `endpoint` and `identity` as of RPCClient.
  constructor(endpoint, identity) {
    this.violations = [];  // of either side, as ocpp-rpc reports them
    this.calls = 0;        // that the Central System made
    this.errors = [];
    this.configuration = new NodeConfiguration();
    this.localList = new NodeLocalList(this.configuration);
    this.timers = new Set();
    this.closed = false;
    // What is the case; the statuses follow from it.
    this.operative = [true, true];  // charge point, connector
    this.scheduled = [];            // changes of availability that wait for the end of the transaction
    this.faulted = [false, false];
    this.plugged = false;
    this.authorized = undefined;   // {idTag, parent}, waiting for the cable
    this.reservation = undefined;  // {id, idTag, parent}
    this.transaction = undefined;  // {transactionId, idTag, parent}
    this.finishing = false;        // the cable is still in after a transaction
    this.reported = [];            // statuses as reported since the last boot
    this.energy = 1000;
    this.client = new RPCClient({endpoint, identity, protocols: ['ocpp1.6'], strictMode: ['ocpp1.6'], reconnect: false});
    this.client.on('strictValidationFailure', ({method, params, result, outbound, error}) =>
      this.violations.push({method, outbound, params, result, details: error.details ?? error.message}));
    this.client.on('badMessage', ({error}) => this.violations.push({badMessage: String(error)}));
    for (const [action, handle] of Object.entries(this.handlers()))
      this.client.handle(action, ({params}) => {
        ++this.calls;
        return handle(params);
      });
  }

  async start() {
    await this.client.connect();
    await this.boot();
  }

  async boot() {
    this.reported = [];
    let answer;
    do {
      if (answer) await this.pause(answer.interval * 1000);
      answer = await this.client.call('BootNotification', {chargePointVendor: 'Interop', chargePointModel: 'Node'});
    } while (answer.status !== 'Accepted');
    this.configuration.keys.HeartbeatInterval = String(answer.interval);
    await this.refresh();
  }

  async close() {
    this.closed = true;
    for (const timer of this.timers) clearTimeout(timer);
    await this.client.close();
  }

  // A timer that does not outlive the charge point.
  timer(milliseconds, work) {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
    }, milliseconds);
    this.timers.add(timer);
    return timer;
  }

  pause(milliseconds) {
    return new Promise(resolve => this.timer(milliseconds, resolve));
  }

  // After the answer that is on its way, and what was begun before. A mistake in here fails the test that owns the charge
  // point.
  later(work) {
    this.work = (this.work ?? Promise.resolve())
      .then(() => new Promise(setImmediate))
      .then(work)
      .catch(error => {
        if (!this.closed) this.errors.push(error);
      });
  }

  // What a person at the charge point does: action and {name: text}.
  async act(action, {connector = '1', id_tag: idTag, on}) {
    const number = Number(connector);
    if (number !== 1 && !(action === 'fault' && number === 0)) throw new Error(`there is no connector ${connector}`);
    switch (action) {
      case 'plug_in':
        this.plugged = true;
        this.later(async () => {
          await this.refresh();
          await this.startIfReady();
        });
        return;
      case 'present_id':
        this.later(() => (this.transaction ? this.presentedAgain(idTag) : this.present(idTag)));
        return;
      case 'plug_out':
        this.plugged = false;
        this.later(async () => {
          if (this.transaction) await this.stop('EVDisconnected');
          this.finishing = false;
          await this.refresh();
        });
        return;
      case 'fault':
        this.faulted[number] = on === 'true';
        this.later(() => this.refresh());
        return;
      case 'refuse_local_list':
        this.localList.refuses = on === 'true';
        return;
      case 'power_cycle':
        this.later(async () => {
          this.authorized = undefined;
          await this.restart();
        });
        return;
      default:
        throw new Error(`this charge point cannot ${action}`);
    }
  }

  // OCPP 1.6 section 4.9.
  status(connectorId) {
    if (this.faulted[0] || this.faulted[connectorId]) return 'Faulted';
    if (!this.operative[0] || !this.operative[connectorId]) return 'Unavailable';
    if (connectorId === 0) return 'Available';
    if (this.transaction) return 'Charging';
    if (this.finishing) return 'Finishing';
    if (this.authorized) return 'Preparing';
    // Only the reserved identification ends Reserved, not a cable.
    if (this.reservation) return 'Reserved';
    return this.plugged ? 'Preparing' : 'Available';
  }

  async refresh() {
    for (const connectorId of [0, 1])
      if (this.reported[connectorId] !== this.status(connectorId)) await this.report(connectorId);
  }

  async report(connectorId) {
    const status = this.status(connectorId);
    this.reported[connectorId] = status;
    const errorCode = status === 'Faulted' ? 'OtherError' : 'NoError';
    await this.client.call('StatusNotification', {connectorId, errorCode, status, timestamp: new Date().toISOString()});
  }

  // The reservation lets only its own idTag in, or one of its group.
  reservedForOther(idTag, parent) {
    if (!this.reservation || this.reservation.idTag === idTag) return false;
    return !this.reservation.parent || this.reservation.parent !== parent;
  }

  async present(idTag) {
    if (['Faulted', 'Unavailable'].includes(this.status(1))) return;
    if (this.reservation && this.reservation.idTag !== idTag && !this.reservation.parent) return;
    await this.authorize(idTag);
  }

  async authorize(idTag) {
    let info = this.configuration.flag('LocalPreAuthorize') ? this.localList.find(idTag) : undefined;
    if (info?.status !== 'Accepted') ({idTagInfo: info} = await this.client.call('Authorize', {idTag}));
    if (info.status !== 'Accepted' || this.reservedForOther(idTag, info.parentIdTag)) return;
    await this.accept(idTag, info.parentIdTag);
  }

  // Waits for the cable, as long as ConnectionTimeOut says.
  async accept(idTag, parent) {
    const authorized = {idTag, parent, reservation: this.reservation?.id};
    this.authorized = authorized;
    this.reservation = undefined;
    const limit = this.configuration.seconds('ConnectionTimeOut');
    if (limit > 0 && !this.plugged)
      this.timer(limit * 1000, () => this.later(async () => {
        if (this.authorized !== authorized || this.plugged) return;
        this.authorized = undefined;
        await this.refresh();
      }));
    await this.refresh();
    await this.startIfReady();
  }

  async presentedAgain(idTag) {
    const {idTag: started, parent} = this.transaction;
    if (idTag === started) return this.stop('Local', idTag);
    if (!parent) return;
    const {idTagInfo} = await this.client.call('Authorize', {idTag});
    if (idTagInfo.status === 'Accepted' && idTagInfo.parentIdTag === parent) await this.stop('Local', idTag);
  }

  async startIfReady() {
    if (!this.plugged || !this.authorized || this.transaction) return;
    const {idTag, parent, reservation} = this.authorized;
    const {transactionId, idTagInfo} = await this.client.call('StartTransaction', {
      connectorId: 1, idTag, meterStart: this.energy, timestamp: new Date().toISOString(),
      ...(reservation !== undefined && {reservationId: reservation})});
    this.authorized = undefined;
    this.transaction = {transactionId, idTag, parent: parent ?? idTagInfo.parentIdTag};
    if (idTagInfo.status !== 'Accepted') return this.stop('DeAuthorized');
    await this.refresh();
  }

  async stop(reason, idTag) {
    const {transactionId} = this.transaction;
    this.transaction = undefined;
    this.finishing = this.plugged;
    this.energy += 10;
    await this.client.call('StopTransaction', {
      transactionId, reason, meterStop: this.energy, timestamp: new Date().toISOString(), ...(idTag && {idTag})});
    await this.refresh();
    for (const change of this.scheduled.splice(0)) change();
    await this.refresh();
  }

  async restart() {
    await this.client.close();
    let connected = false;
    while (!connected && !this.closed) {
      connected = await this.client.connect().then(() => true, () => false);
      if (!connected) await this.pause(RETRY);
    }
    if (!this.closed) await this.boot();
  }

  reset({type}) {
    this.later(async () => {
      if (this.transaction) await this.stop(`${type}Reset`);
      this.authorized = undefined;
      await this.restart();
    });
    return {status: 'Accepted'};
  }

  remoteStart({connectorId = 1, idTag}) {
    const free = ['Available', 'Preparing', 'Finishing', 'Reserved'].includes(this.status(1));
    const mayPass = !this.reservation || this.reservation.idTag === idTag || this.reservation.parent;
    if (connectorId !== 1 || !free || !mayPass) return {status: 'Rejected'};
    this.later(() => {
      if (this.configuration.flag('AuthorizeRemoteTxRequests')) return this.authorize(idTag);
      return this.accept(idTag, undefined);
    });
    return {status: 'Accepted'};
  }

  remoteStop({transactionId}) {
    if (this.transaction?.transactionId !== transactionId) return {status: 'Rejected'};
    this.later(() => this.stop('Remote'));
    return {status: 'Accepted'};
  }

  changeAvailability({connectorId, type}) {
    if (connectorId > 1) return {status: 'Rejected'};
    const change = () => {
      this.operative[connectorId] = type === 'Operative';
      if (type === 'Inoperative') this.reservation = undefined;
    };
    if (type === 'Inoperative' && this.transaction) {
      this.scheduled.push(change);
      return {status: 'Scheduled'};
    }
    this.later(() => {
      change();
      return this.refresh();
    });
    return {status: 'Accepted'};
  }

  reserve({connectorId, idTag, parentIdTag, reservationId, expiryDate}) {
    if (connectorId > 1) return {status: 'Rejected'};
    const status = this.status(1);  // the only one, whichever it is to be
    const replaced = status === 'Reserved' && this.reservation.id === reservationId;
    if (status === 'Faulted' || status === 'Unavailable') return {status};
    if (status !== 'Available' && !replaced) return {status: 'Occupied'};
    const reservation = {id: reservationId, idTag, parent: parentIdTag};
    this.later(() => {
      this.reservation = reservation;
      // Longer than a timer can wait is longer than any test.
      this.timer(Math.min(Date.parse(expiryDate) - Date.now(), 0x7fffffff), () => this.later(() => this.free(reservation)));
      return this.refresh();
    });
    return {status: 'Accepted'};
  }

  free(reservation) {
    if (this.reservation === reservation) this.reservation = undefined;
    return this.refresh();
  }

  cancelReservation({reservationId}) {
    const {reservation} = this;
    if (reservation?.id !== reservationId) return {status: 'Rejected'};
    this.later(() => this.free(reservation));
    return {status: 'Accepted'};
  }

  trigger({requestedMessage, connectorId}) {
    if (connectorId !== undefined && connectorId > 1) return {status: 'Rejected'};
    const connectors = connectorId === undefined ? [0, 1] : [connectorId];
    const timestamp = new Date().toISOString();
    const sampledValue = [{value: String(this.energy), context: 'Trigger', measurand: 'Energy.Active.Import.Register', unit: 'Wh'}];
    const messages = {
      BootNotification: () => this.client.call('BootNotification', {chargePointVendor: 'Interop', chargePointModel: 'Node'}),
      DiagnosticsStatusNotification: () => this.client.call('DiagnosticsStatusNotification', {status: 'Idle'}),
      FirmwareStatusNotification: () => this.client.call('FirmwareStatusNotification', {status: 'Idle'}),
      Heartbeat: () => this.client.call('Heartbeat', {}),
      MeterValues: async () => {
        for (const id of connectors)
          await this.client.call('MeterValues', {
            connectorId: id, meterValue: [{timestamp, sampledValue}],
            ...(id === 1 && this.transaction && {transactionId: this.transaction.transactionId})});
      },
      StatusNotification: async () => {
        for (const id of connectors) await this.report(id);
      },
    };
    const send = messages[requestedMessage];
    if (!send) return {status: 'NotImplemented'};
    this.later(send);
    return {status: 'Accepted'};
  }

  handlers() {
    const unsupported = name => () => {
      throw createRPCError('NotSupported', `this charge point has no ${name}`, {});
    };
    return {
      CancelReservation: params => this.cancelReservation(params),
      ChangeAvailability: params => this.changeAvailability(params),
      ChangeConfiguration: params => this.configuration.change(params),
      ClearCache: () => ({status: 'Rejected'}),
      DataTransfer: () => ({status: 'UnknownVendorId'}),
      GetConfiguration: params => this.configuration.get(params),
      GetLocalListVersion: () => this.localList.version(),
      RemoteStartTransaction: params => this.remoteStart(params),
      RemoteStopTransaction: params => this.remoteStop(params),
      ReserveNow: params => this.reserve(params),
      Reset: params => this.reset(params),
      SendLocalList: params => this.localList.send(params),
      TriggerMessage: params => this.trigger(params),
      UnlockConnector: () => ({status: 'NotSupported'}),
      ...Object.fromEntries(['ClearChargingProfile', 'GetCompositeSchedule', 'SetChargingProfile'].map(
        action => [action, unsupported('charging profiles')])),
      ...Object.fromEntries(['GetDiagnostics', 'UpdateFirmware'].map(action => [action, unsupported('file transfers')])),
    };
  }
}

module.exports = {NodeChargePoint};
