'use strict';
// The configuration keys of the Node charge point (OCPP 1.6 section 9): what it has, and what it takes as a value.

const READ_ONLY = {
  ChargeProfileMaxStackLevel: '10', ChargingScheduleAllowedChargingRateUnit: 'Current', ChargingScheduleMaxPeriods: '10',
  GetConfigurationMaxKeys: '50', LocalAuthListMaxLength: '100', MaxChargingProfilesInstalled: '10', NumberOfConnectors: '1',
  ReserveConnectorZeroSupported: 'true', SendLocalListMaxLength: '10',
  SupportedFeatureProfiles: 'Core,LocalAuthListManagement,Reservation,RemoteTrigger',
};
const WRITABLE = {
  AuthorizationCacheEnabled: 'false', AuthorizeRemoteTxRequests: 'true', ClockAlignedDataInterval: '0', ConnectionTimeOut: '60',
  ConnectorPhaseRotation: '0.RST', HeartbeatInterval: '300', LocalAuthListEnabled: 'true', LocalAuthorizeOffline: 'true',
  LocalPreAuthorize: 'false', MeterValuesAlignedData: 'Energy.Active.Import.Register',
  MeterValuesSampledData: 'Energy.Active.Import.Register', MeterValueSampleInterval: '0', ResetRetries: '1',
  StopTransactionOnEVSideDisconnect: 'true', StopTransactionOnInvalidId: 'true', StopTxnAlignedData: '', StopTxnSampledData: '',
  TransactionMessageAttempts: '3', TransactionMessageRetryInterval: '10', UnlockConnectorOnEVSideDisconnect: 'true',
};
const MEASURANDS = ['Current.Import', 'Energy.Active.Import.Register', 'Power.Active.Import', 'SoC', 'Temperature', 'Voltage'];

// Whether the text is a value of the same kind as the one that the key has.
function fits(key, value) {
  if (/Data$/.test(key)) return value.split(',').filter(Boolean).every(name => MEASURANDS.includes(name.trim()));
  if (/^(true|false)$/.test(WRITABLE[key])) return /^(true|false)$/i.test(value);
  if (/^\d+$/.test(WRITABLE[key])) return /^\d{1,9}$/.test(value);
  return value.length <= 500;
}

class NodeConfiguration {
  constructor() {
    this.keys = {...WRITABLE};
  }

  text(key) {
    return this.keys[key] ?? READ_ONLY[key];
  }

  flag(key) {
    return this.text(key).toLowerCase() === 'true';
  }

  seconds(key) {
    return Number(this.text(key));
  }

  get({key: asked}) {
    const all = {...READ_ONLY, ...this.keys};
    const wanted = asked?.length ? asked : Object.keys(all);
    const configurationKey = wanted.filter(key => key in all).map(key => ({key, readonly: key in READ_ONLY, value: all[key]}));
    const unknownKey = wanted.filter(key => !(key in all));
    return {configurationKey, ...(unknownKey.length > 0 && {unknownKey})};
  }

  change({key, value}) {
    if (key in READ_ONLY) return {status: 'Rejected'};
    if (!(key in this.keys)) return {status: 'NotSupported'};
    if (!fits(key, value)) return {status: 'Rejected'};
    this.keys[key] = value;
    return {status: 'Accepted'};
  }
}

module.exports = {NodeConfiguration};
