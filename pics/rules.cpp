// The rules between the rows of a PICS: what the certificate programme asks for and what a
// contradiction is.
#include <algorithm>

#include "pics/loader.hpp"

namespace plugproof::pics {

namespace {

class Rules {
 public:
  Rules(const Pics& pics, const Positions& positions, base::Diagnostics& diagnostics)
      : pics_(pics), positions_(positions), diagnostics_(diagnostics) {}

  void check() {
    if (pics_.generation() == Generation::g2019) {
      check_2019();
    } else {
      check_hardware();
      check_connectors();
      check_features();
      check_claims();
      check_settings();
      check_technology();
    }
    check_power_loss();
    check_security_certificate();
  }

 private:
  bool yes(std::string_view id) const {
    const auto answer = pics_.lookup(id);
    return answer && answer->as_bool();
  }
  // True only for a clear no: a row without an answer contradicts nothing.
  bool no(std::string_view id) const {
    const auto answer = pics_.lookup(id);
    return answer && !answer->as_bool();
  }
  std::optional<std::int64_t> number(std::string_view id) const {
    const auto answer = pics_.lookup(id);
    if (!answer) return std::nullopt;
    return answer->as_int();
  }
  base::SourcePos pos(std::string_view name) const {
    const auto found = positions_.find(name);
    return found == positions_.end() ? base::SourcePos{pics_.path(), 0, 0} : found->second;
  }
  void error(std::string_view where, std::string message, std::string remedy = {}) {
    diagnostics_.error(pos(where), std::move(message), std::move(remedy));
  }
  void warning(std::string_view where, std::string message, std::string remedy = {}) {
    diagnostics_.warning(pos(where), std::move(message), std::move(remedy));
  }
  void need_one(const std::vector<std::string>& ids, const std::string& what) {
    if (std::all_of(ids.begin(), ids.end(), [&](const auto& id) { return no(id); }))
      error(ids.back(), "none of " + join(ids, ", ") + " is yes: " + what,
            "answer at least one of them with yes");
  }

  void check_hardware() {
    need_one({"HFS-1", "HFS-2"}, "a connector has a detachable or a fixed cable");
    need_one({"HFS-3", "HFS-4"}, "a charge point delivers AC or DC");
    if (const auto count = number("HFS-8")) {
      if (*count < 1)
        error("HFS-8", "HFS-8 is 0, but a charge point has a connector",
              "state how many there are");
      if (static_cast<std::size_t>(*count) != pics_.connectors().size())
        error("connectors",
              "the connector table has " + std::to_string(pics_.connectors().size()) +
                  " rows, but HFS-8 says " + std::to_string(*count),
              "give each connector a row, or correct HFS-8");
    }
  }

  void check_connectors() {
    const auto& connectors = pics_.connectors();
    for (std::size_t i = 0; i < connectors.size(); ++i) {
      const Connector& connector = connectors[i];
      const std::string where = "connectors." + std::to_string(i);
      // OCPP 1.6 section 3.7: connectors are numbered from 1 without a gap.
      if (connector.id != static_cast<int>(i) + 1)
        error(
            where,
            "connector " + std::to_string(connector.id) + " stands in row " + std::to_string(i + 1),
            "number the connectors 1, 2, 3 in order");
      const std::string current = connector.current == "AC" ? "HFS-3" : "HFS-4";
      if (no(current))
        error(where,
              "the connector delivers " + connector.current + ", but " + current + " says no",
              "correct the connector or " + current);
      if (connector.phases > 0) {
        const std::string phases = "HFS-" + std::to_string(4 + connector.phases);
        if (no(phases))
          error(where,
                "the connector has " + std::to_string(connector.phases) + " phases, but " + phases +
                    " says no",
                "correct the connector or " + phases);
      } else if (connector.current == "AC") {
        error(where, "an AC connector has 1 to 3 phases, not 0", "correct the connector");
      }
      const std::string cable = connector.cable_type == "Fixed Cable" ? "HFS-2" : "HFS-1";
      if (no(cable))
        error(where,
              "the connector has the cable type '" + connector.cable_type + "', but " + cable +
                  " says no",
              "correct the connector or " + cable);
    }
    const auto backed = [&](const char* id, const char* current) {
      const bool found =
          std::any_of(connectors.begin(), connectors.end(),
                      [&](const Connector& connector) { return connector.current == current; });
      if (yes(id) && !found && !connectors.empty())
        error(id, std::string(id) + " says yes, but no connector delivers " + current,
              "correct " + std::string(id) + " or the connector table");
    };
    backed("HFS-3", "AC");
    backed("HFS-4", "DC");
  }

  void check_features() {
    need_one({"C-06.1", "C-06.2"},
             "after the cable leaves the EV the authorization is kept or dropped");
    need_one({"C-10.1", "C-10.2"},
             "after the cable leaves the EV the connector is unlocked or not");
    if (pics_.claims("SmartCharging"))
      need_one({"SC-1.1", "SC-1.2"}, "charging rates are given in A or in W");
    if (yes("C-02") && no("C-01"))
      warning("C-02", "C-02 says yes although C-01 says that nobody is authorized while offline");
    if (yes("R-1") && no("R-0"))
      warning("R-1", "R-1 says yes although R-0 says that there are no reservations");
    check_measurands("C-09.1", pics_.sampled_measurands(), pics_.tested_sampled_measurands(),
                     "ORS-3");
    check_measurands("C-09.2", pics_.aligned_measurands(), pics_.tested_aligned_measurands(),
                     "ORS-2");
    check_cipher_suites();
  }

  void check_measurands(const std::string& id, const std::vector<std::string>& supported,
                        const std::vector<std::string>& tested, const std::string& limit) {
    for (const auto& name : tested)
      if (!contains(supported, name))
        warning(id,
                std::string(id).append(" lists ").append(name).append(
                    " as tested but not as supported"),
                "add it to 'supported'");
    const auto most = number(limit);
    if (most && static_cast<std::int64_t>(supported.size()) > *most)
      warning(id, id + " lists more measurands than " + limit + " allows in one value");
  }

  // The security whitepaper asks for both suites of one pair.
  void check_cipher_suites() {
    const auto answer = pics_.lookup("C-12");
    if (!answer) return;
    const auto has = [&](const char* suite) {
      const auto& list = answer->as_list();
      return std::find(list.begin(), list.end(), base::Value(suite)) != list.end();
    };
    const bool ecdsa = has("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256") &&
                       has("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    const bool rsa =
        has("TLS_RSA_WITH_AES_128_GCM_SHA256") && has("TLS_RSA_WITH_AES_256_GCM_SHA384");
    if (!ecdsa && !rsa)
      warning("C-12", "C-12 names neither pair of cipher suites of the security whitepaper in full",
              "support both TLS_ECDHE_ECDSA suites or both TLS_RSA suites");
  }

  // Rows of a table whose profile is not claimed are not printed and select nothing.
  void check_claims() {
    for (const auto& table : printed_tables(pics_.generation())) {
      if (table.profile.empty() || pics_.claims(table.profile)) continue;
      for (const auto& id : table.ids)
        if (pics_.lookup(id))
          warning(id,
                  id + " is answered, but " +
                      (table.profile == "Security" ? "the Security extension"
                                                   : "the profile " + table.profile) +
                      " is not claimed",
                  "claim it, or remove the row");
    }
    if (pics_.generation() == Generation::g2024 && pics_.claims("Security"))
      need_one({"SEC-1", "SEC-2", "SEC-3"},
               "the Security extension is claimed without a security profile");
    if (yes("F-1") && pics_.claims("FirmwareManagement") && !pics_.claims("Security"))
      warning("F-1",
              "F-1 says yes although the Security extension, which defines secure updates, is not "
              "claimed");
  }

  void check_settings() {
    const auto ordered = [&](const char* low, const char* high) {
      const auto a = number(low);
      const auto b = number(high);
      if (a && b && *a > *b)
        error(high, std::string(high) + " is less than " + low,
              "the maximum must not lie below the minimum");
    };
    ordered("ORS-4", "ORS-5");
    ordered("ORS-6", "ORS-7");
    if (number("ORS-1") == 0)
      warning("ORS-1", "ORS-1 is 0, so GetConfiguration could name no key at all");
    const auto list = number("ORS-12");
    const auto update = number("ORS-13");
    if (list && update && *update > *list)
      warning("ORS-13", "ORS-13 allows more entries in one update than ORS-12 allows in the list");
    // The whitepaper counts bytes; certificates also hold the number of certificates in a chain.
    constexpr std::int64_t kSmallestChain = 300;
    const auto chain = number("ORS-17");
    if (chain && *chain < kSmallestChain)
      warning("ORS-17",
              "ORS-17 counts bytes, and " + std::to_string(*chain) + " bytes hold no certificate",
              "state the size of the largest chain in bytes, 10000 for example");
  }

  void check_technology() {
    const auto offered = pics_.lookup("HFS-9");
    if (!offered) return;
    const auto& list = offered->as_list();
    if (std::find(list.begin(), list.end(), base::Value(pics_.performance().technology)) ==
        list.end())
      error("performance.technology",
            "the performance was measured over '" + pics_.performance().technology +
                "', which HFS-9 does not name",
            "correct 'technology' or HFS-9");
  }

  void check_power_loss() {
    if (no("AQ-7.1") && no("AQ-7.2"))
      warning(
          "AQ-7.2",
          "AQ-7.1 and AQ-7.2 both say no: a transaction would never be ended after a power loss");
  }

  void check_2019() {
    const auto count = number("HFS-8");
    const std::string sockets = pics_.lookup("sockets") ? pics_.lookup("sockets")->as_string() : "";
    if (count && ((sockets == "Single" && *count != 1) || (sockets == "Multiple" && *count == 1)))
      warning("hardware.sockets", "'sockets' says " + sockets + ", but NumberOfConnectors is " +
                                      std::to_string(*count));
    if (const auto listed = pics_.configuration("SupportedFeatureProfiles")) {
      for (const auto& profile : profile_names(Generation::g2019)) {
        const bool reported = ("," + *listed + ",").find("," + profile + ",") != std::string::npos;
        if (reported != pics_.claims(profile))
          warning("SupportedFeatureProfiles",
                  "the profile " + profile +
                      (reported ? " is reported by the charge point but not claimed"
                                : " is claimed but not reported"));
      }
    }
  }

  void check_security_certificate() {
    if (pics_.generation() == Generation::g2019 && pics_.claims("Security"))
      need_one({"SEC-1", "SEC-2", "SEC-3"},
               "the security certificate is claimed without a security profile");
  }

  const Pics& pics_;
  const Positions& positions_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

void check_rules(const Pics& pics, const Positions& positions, base::Diagnostics& diagnostics) {
  Rules(pics, positions, diagnostics).check();
}

}  // namespace plugproof::pics
