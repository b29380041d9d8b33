'use strict';
// A small Core charge point with one fixed cable, on ocpp-rpc in strict mode: its library checks every message in both
// directions against the official schemas. It shares no code with plugproof.

const {RPCClient, createRPCError} = require('ocpp-rpc');

const READ_ONLY = {GetConfigurationMaxKeys: '50', NumberOfConnectors: '1', SupportedFeatureProfiles: 'Core'};
const WRITABLE = {
  AuthorizationCacheEnabled: 'false', AuthorizeRemoteTxRequests: 'true', ClockAlignedDataInterval: '0', ConnectionTimeOut: '60',
  ConnectorPhaseRotation: '0.RST', HeartbeatInterval: '300', LocalAuthorizeOffline: 'true', LocalPreAuthorize: 'false',
  MeterValuesAlignedData: 'Energy.Active.Import.Register', MeterValuesSampledData: 'Energy.Active.Import.Register',
  MeterValueSampleInterval: '0', ResetRetries: '1', StopTransactionOnEVSideDisconnect: 'true', StopTransactionOnInvalidId: 'true',
  StopTxnAlignedData: '', StopTxnSampledData: '', TransactionMessageAttempts: '3', TransactionMessageRetryInterval: '10',
  UnlockConnectorOnEVSideDisconnect: 'true',
};

class NodeChargePoint {
  // `endpoint` and `identity` as of RPCClient.
  constructor(endpoint, identity) {
    this.violations = [];  // of either side, as ocpp-rpc reports them
    this.calls = 0;        // that the Central System made
    this.errors = [];
    this.keys = {...WRITABLE};
    this.status = 'Available';
    this.plugged = false;
    this.authorized = undefined;
    this.transaction = undefined;
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
    const {status} = await this.client.call('BootNotification', {chargePointVendor: 'Interop', chargePointModel: 'Node'});
    if (status !== 'Accepted') throw new Error(`BootNotification was answered ${status}`);
    await this.report(0, 'Available');
    await this.become('Available');
  }

  close() {
    return this.client.close();
  }

  // What a person at the charge point does: action and {name: text}.
  async act(action, {connector = '1', id_tag: idTag}) {
    if (connector !== '1') throw new Error(`there is no connector ${connector}`);
    switch (action) {
      case 'plug_in':
        this.plugged = true;
        this.later(async () => {
          if (this.status === 'Available') await this.become('Preparing');
          await this.startIfReady();
        });
        return;
      case 'present_id':
        this.later(() => (this.transaction ? this.presentedAgain(idTag) : this.authorize(idTag)));
        return;
      case 'plug_out':
        this.plugged = false;
        this.later(async () => {
          if (this.transaction) await this.stop('EVDisconnected');
          if (this.status !== 'Available') await this.become('Available');
        });
        return;
      default:
        throw new Error(`this charge point cannot ${action}`);
    }
  }

  // After the answer that is on its way. A mistake in here fails the test that owns the charge point.
  later(work) {
    this.work = (this.work ?? Promise.resolve()).then(work).catch(error => this.errors.push(error));
  }

  async report(connectorId, status) {
    await this.client.call('StatusNotification', {connectorId, errorCode: 'NoError', status, timestamp: new Date().toISOString()});
  }

  async become(status) {
    this.status = status;
    await this.report(1, status);
  }

  async authorize(idTag) {
    const {idTagInfo} = await this.client.call('Authorize', {idTag});
    if (idTagInfo.status !== 'Accepted') return;
    this.authorized = idTag;
    if (this.status === 'Available') await this.become('Preparing');
    await this.startIfReady();
  }

  async presentedAgain(idTag) {
    if (idTag === this.transaction.idTag) await this.stop('Local');
  }

  async startIfReady() {
    if (!this.plugged || !this.authorized || this.transaction) return;
    const idTag = this.authorized;
    this.authorized = undefined;
    const {transactionId, idTagInfo} = await this.client.call(
      'StartTransaction', {connectorId: 1, idTag, meterStart: this.energy, timestamp: new Date().toISOString()});
    this.transaction = {transactionId, idTag};
    if (idTagInfo.status !== 'Accepted') return this.stop('DeAuthorized');
    await this.become('Charging');
  }

  async stop(reason) {
    const {transactionId, idTag} = this.transaction;
    this.transaction = undefined;
    this.energy += 10;
    await this.client.call('StopTransaction', {
      transactionId, reason, meterStop: this.energy, timestamp: new Date().toISOString(), ...(reason === 'Local' && {idTag})});
    await this.become('Finishing');
  }

  getConfiguration({key: asked}) {
    const all = {...READ_ONLY, ...this.keys};
    const wanted = asked?.length ? asked : Object.keys(all);
    const configurationKey = wanted.filter(key => key in all).map(key => ({key, readonly: key in READ_ONLY, value: all[key]}));
    const unknownKey = wanted.filter(key => !(key in all));
    return {configurationKey, ...(unknownKey.length > 0 && {unknownKey})};
  }

  changeConfiguration({key, value}) {
    if (key in READ_ONLY) return {status: 'Rejected'};
    if (!(key in this.keys)) return {status: 'NotSupported'};
    this.keys[key] = value;
    return {status: 'Accepted'};
  }

  remoteStart({connectorId, idTag}) {
    if (connectorId === 0 || this.transaction) return {status: 'Rejected'};
    this.later(() => {
      if (this.keys.AuthorizeRemoteTxRequests === 'true') return this.authorize(idTag);
      this.authorized = idTag;
      return this.startIfReady();
    });
    return {status: 'Accepted'};
  }

  remoteStop({transactionId}) {
    if (this.transaction?.transactionId !== transactionId) return {status: 'Rejected'};
    this.later(() => this.stop('Remote'));
    return {status: 'Accepted'};
  }

  handlers() {
    return {
      ChangeAvailability: ({type}) => ({status: type === 'Operative' ? 'Accepted' : 'Rejected'}),
      ChangeConfiguration: params => this.changeConfiguration(params),
      ClearCache: () => ({status: 'Rejected'}),
      DataTransfer: () => ({status: 'UnknownVendorId'}),
      GetConfiguration: params => this.getConfiguration(params),
      RemoteStartTransaction: params => this.remoteStart(params),
      RemoteStopTransaction: params => this.remoteStop(params),
      Reset: () => ({status: 'Rejected'}),
      TriggerMessage: () => {
        throw createRPCError('NotImplemented', 'this charge point has no remote trigger', {});
      },
      UnlockConnector: () => ({status: 'NotSupported'}),
    };
  }
}

module.exports = {NodeChargePoint};
