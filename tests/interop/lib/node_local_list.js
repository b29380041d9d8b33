'use strict';
// The local authorization list of the Node charge point (OCPP 1.6 sections 3.5.2, 5.10 and 5.15).

class NodeLocalList {
  constructor(configuration) {
    this.configuration = configuration;
    this.entries = new Map();  // idTag -> idTagInfo
    this.listVersion = 0;
    this.refuses = false;  // storing a list fails
  }

  get enabled() {
    return this.configuration.flag('LocalAuthListEnabled');
  }

  // What the list says of the idTag; undefined when it says nothing.
  find(idTag) {
    return this.enabled ? this.entries.get(idTag) : undefined;
  }

  // 0 is for an empty list, -1 for none at all (section 6.23).
  version() {
    if (!this.enabled) return {listVersion: -1};
    return {listVersion: this.entries.size === 0 ? 0 : this.listVersion};
  }

  send({listVersion, updateType, localAuthorizationList = []}) {
    if (!this.enabled) return {status: 'NotSupported'};
    if (this.refuses) return {status: 'Failed'};
    if (updateType === 'Full') {
      this.entries.clear();
    } else if (listVersion <= this.version().listVersion) {
      return {status: 'VersionMismatch'};
    }
    for (const {idTag, idTagInfo} of localAuthorizationList) {
      if (idTagInfo) this.entries.set(idTag, idTagInfo);
      else this.entries.delete(idTag);
    }
    this.listVersion = listVersion;
    return {status: 'Accepted'};
  }
}

module.exports = {NodeLocalList};
