// A walk through everything the charge point can do, for tests that ask a question about all of it:
// is every message valid, does every defect show.
#pragma once

#include <utility>

#include "simulator_tour_security.hpp"

namespace plugproof::simulator {

inline void present(Bench& bench, const std::string& tag) {
  bench.act("present_id", R"({"id_tag":")" + tag + R"("})");
}

// A central system that refuses the registration twice, knows groups, and refuses some tags.
inline void prepare_tour(Bench& bench) {
  auto boots = std::make_shared<int>(0);
  bench.answer("BootNotification", [boots, &bench](const Value&) {
    ++*boots;
    return Value::object({{"status", *boots == 1   ? "Rejected"
                                     : *boots == 2 ? "Pending"
                                                   : "Accepted"},
                          {"currentTime", base::format_utc_millis(bench.clock().utc())},
                          {"interval", *boots < 3 ? 10 : 300}});
  });
  const auto info = [](const Value& request) {
    const std::string tag = request.string_or("idTag", "");
    Value out = Value::object({{"status", tag == "INVALID" ? "Invalid" : "Accepted"}});
    if (tag.starts_with("G")) out.set("parentIdTag", "GROUP");
    if (tag.starts_with("H")) out.set("parentIdTag", "HOUSE");
    return out;
  };
  bench.answer("Authorize", [info](const Value& request) {
    return Value::object({{"idTagInfo", info(request)}});
  });
  bench.answer("SignCertificate", R"({"status":"Accepted"})");
  auto next = std::make_shared<int>(500);
  bench.answer("StartTransaction", [info, next](const Value& request) {
    Value status = info(request);
    if (request.string_or("idTag", "") == "LATE") status.set("status", "Blocked");
    return Value::object({{"transactionId", ++*next}, {"idTagInfo", status}});
  });
}

inline void tour_registration(Bench& bench) {
  bench.charge_point().power_on();
  bench.pass(18s);
  bench.ask("GetConfiguration", R"({"key":["ResetRetries"]})", 5s);
  bench.pass(120s);
}

inline void tour_configuration(Bench& bench) {
  bench.ask("GetConfiguration", "{}");
  bench.ask("GetConfiguration", R"({"key":["ResetRetries","Nonsense"]})");
  std::string keys;
  for (int i = 0; i < 60; ++i) keys += (i ? ",\"K" : "\"K") + std::to_string(i) + "\"";
  bench.ask("GetConfiguration", "{\"key\":[" + keys + "]}");
  set_key(bench, "Testing", "true");
  set_key(bench, "MeterValueSampleInterval", "-1");
  set_key(bench, "ResetRetries", "7");
  bench.ask("GetConfiguration", R"({"key":["ResetRetries"]})");
  set_key(bench, "ClockAlignedDataInterval", "60");
  set_key(bench, "MeterValueSampleInterval", "30");
  bench.ask("DataTransfer", R"({"vendorId":"someone"})");
  bench.ask("TriggerMessage", R"({"requestedMessage":"StatusNotification","connectorId":1})");
  bench.ask("TriggerMessage", R"({"requestedMessage":"MeterValues","connectorId":99})");
}

inline void tour_statuses(Bench& bench) {
  set_key(bench, "MinimumStatusDuration", "5");
  bench.act("plug_in");
  bench.pass(10s);
  bench.act("plug_out");
  bench.pass(10s);
  set_key(bench, "MinimumStatusDuration", "0");
  bench.act("fault", R"({"connector":1,"on":true})");
  bench.act("plug_in");
  present(bench, "TAG");
  bench.act("fault", R"({"connector":1,"on":false})");
  bench.act("press_stop");
  bench.act("plug_out");
  bench.act("plug_in", R"({"halfway":true})");
  present(bench, "TAG");
  bench.act("press_stop");
  bench.act("plug_out");
}

inline void tour_identification(Bench& bench) {
  set_key(bench, "ConnectionTimeOut", "20");
  present(bench, "TAG");
  bench.pass(30s);
  bench.act("plug_in");
  present(bench, "INVALID");
  bench.act("press_stop");
  present(bench, "LATE");
  bench.pass(10s);
  bench.act("press_stop");
  present(bench, "G1");
  present(bench, "HX");
  present(bench, "G2");
  bench.act("press_stop");
  bench.act("plug_out");
  set_key(bench, "LocalPreAuthorize", "true");
  for (int i = 0; i < 2; ++i) {
    bench.act("plug_in");
    present(bench, "TAG");
    present(bench, "OTHER");
    present(bench, "TAG");
    bench.act("plug_out");
    if (i == 0) continue;
    bench.ask("ClearCache", "{}");
    present(bench, "TAG");
    bench.pass(30s);
  }
  set_key(bench, "LocalPreAuthorize", "false");
}

inline void tour_remote(Bench& bench) {
  bench.act("plug_in");
  bench.ask("RemoteStartTransaction", R"({"connectorId":0,"idTag":"TAG"})");
  bench.ask("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG"})");
  bench.pass(150s);
  bench.ask("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG"})");
  bench.ask("RemoteStopTransaction", R"({"transactionId":99999})");
  bench.ask("RemoteStopTransaction", bench.running());
  bench.pass(60s);
  bench.act("plug_out");
  set_key(bench, "AuthorizeRemoteTxRequests", "false");
  bench.ask("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG"})");
  bench.act("plug_in");
  bench.act("ev_ready", R"({"ready":false})");
  bench.act("ev_ready", R"({"ready":true})");
  bench.act("press_stop");
  bench.act("plug_out");
  set_key(bench, "AuthorizeRemoteTxRequests", "true");
}

inline void tour_vehicle(Bench& bench) {
  for (const char* stop : {"true", "false"}) {
    set_key(bench, "StopTransactionOnEVSideDisconnect", stop);
    set_key(bench, "UnlockConnectorOnEVSideDisconnect", "false");
    bench.act("plug_in");
    present(bench, "TAG");
    bench.act("ev_plug_out");
    bench.ask("RemoteStopTransaction", bench.running());
    bench.ask("UnlockConnector", R"({"connectorId":1})");
    bench.act("press_stop");
    bench.act("plug_out");
  }
}

inline void tour_control(Bench& bench) {
  bench.ask("UnlockConnector", R"({"connectorId":1})");
  bench.ask("UnlockConnector", R"({"connectorId":99})");
  bench.act("plug_in");
  present(bench, "TAG");
  bench.ask("UnlockConnector", R"({"connectorId":1})");
  bench.act("press_stop");
  bench.act("unlock_failure", R"({"on":true})");
  bench.ask("UnlockConnector", R"({"connectorId":1})");
  bench.act("unlock_failure", R"({"on":false})");
  bench.ask("UnlockConnector", R"({"connectorId":1})");
  present(bench, "TAG");
  bench.ask("ChangeAvailability", R"({"connectorId":1,"type":"Inoperative"})");
  present(bench, "TAG");
  bench.act("plug_out");
  bench.ask("ChangeAvailability", R"({"connectorId":1,"type":"Operative"})");
  bench.ask("ChangeAvailability", R"({"connectorId":0,"type":"Inoperative"})");
  bench.ask("Reset", R"({"type":"Hard"})");
  bench.pass(90s);
  bench.ask("ChangeAvailability", R"({"connectorId":0,"type":"Operative"})");
  for (const char* type : {"Hard", "Soft"}) {
    bench.act("plug_in");
    present(bench, "TAG");
    bench.ask("Reset", std::string(R"({"type":")") + type + R"("})");
    bench.pass(90s);
    bench.act("press_stop");
    bench.act("plug_out");
  }
  bench.ask("GetConfiguration", R"({"key":["ResetRetries"]})");
}

inline void tour_failures(Bench& bench) {
  bench.act("plug_in");
  present(bench, "TAG");
  bench.act("network", R"({"on":false})");
  bench.pass(120s);
  present(bench, "TAG");
  bench.act("network", R"({"on":true})");
  bench.pass(30s);
  bench.act("plug_out");
  bench.act("plug_in");
  present(bench, "TAG");
  bench.fail("StopTransaction", 1);
  present(bench, "TAG");
  bench.ask("DataTransfer", R"({"vendorId":"someone"})");
  bench.pass(60s);
  present(bench, "TAG");
  bench.act("power_cycle");
  bench.pass(60s);
  bench.act("plug_out");
  set_key(bench, "StopTransactionOnInvalidId", "false");
  bench.act("plug_in");
  present(bench, "LATE");
  bench.pass(10s);
  bench.act("press_stop");
  bench.act("plug_out");
  set_key(bench, "StopTransactionOnInvalidId", "true");
  bench.act("network", R"({"on":false})");
  bench.act("plug_in");
  present(bench, "TAG");
  bench.act("network", R"({"on":true})");
  bench.pass(30s);
  bench.act("press_stop");
  bench.act("plug_out");
  bench.drop();
  bench.pass(700s);
}

inline std::string reservation(Bench& bench, int id, base::Nanos lasts,
                               const std::string& more = "") {
  const auto until = bench.clock().utc() + std::chrono::duration_cast<base::Micros>(lasts);
  return R"({"connectorId":1,"idTag":"TAG","reservationId":)" + std::to_string(id) +
         R"(,"expiryDate":")" + base::format_utc_millis(until) + '"' + more + "}";
}

inline std::string local_list(int version, const std::string& type, const std::string& tag) {
  return R"({"listVersion":)" + std::to_string(version) + R"(,"updateType":")" + type +
         R"(","localAuthorizationList":[{"idTag":")" + tag +
         R"(","idTagInfo":{"status":"Accepted"}}]})";
}

inline void tour_profiles(Bench& bench) {
  bench.ask("SendLocalList", local_list(5, "Full", "LISTED"));
  bench.act("refuse_local_list", R"({"on":true})");
  bench.ask("SendLocalList", local_list(6, "Full", "LISTED"));
  bench.act("refuse_local_list", R"({"on":false})");
  bench.ask("SendLocalList", local_list(3, "Differential", "MORE"));
  bench.ask("GetLocalListVersion", "{}");
  set_key(bench, "LocalAuthListEnabled", "false");
  bench.ask("GetLocalListVersion", "{}");
  set_key(bench, "LocalAuthListEnabled", "true");
  set_key(bench, "LocalPreAuthorize", "true");
  bench.act("plug_in");
  present(bench, "LISTED");
  bench.ask("ReserveNow", reservation(bench, 1, 1h));
  present(bench, "LISTED");
  bench.act("press_stop");
  bench.act("plug_out");
  set_key(bench, "LocalPreAuthorize", "false");
  bench.ask("ReserveNow", reservation(bench, 1, 1h));
  bench.ask("CancelReservation", R"({"reservationId":9})");
  present(bench, "OTHER");
  present(bench, "TAG");
  bench.act("plug_in");
  bench.act("press_stop");
  bench.act("plug_out");
  bench.ask("ReserveNow", reservation(bench, 2, 1h));
  bench.ask("CancelReservation", R"({"reservationId":2})");
  bench.ask("ReserveNow", reservation(bench, 3, 60s));
  bench.pass(90s);
  bench.ask("CancelReservation", R"({"reservationId":2})");
  bench.ask("CancelReservation", R"({"reservationId":3})");
  bench.ask("ReserveNow", reservation(bench, 4, 1h, R"(,"parentIdTag":"GROUP")"));
  present(bench, "G1");
  bench.act("plug_in");
  bench.act("press_stop");
  bench.act("plug_out");
  bench.ask("CancelReservation", R"({"reservationId":4})");
  bench.ask("SendLocalList", R"({"listVersion":9,"updateType":"Full"})");
  bench.ask("GetLocalListVersion", "{}");
}

inline std::string update_request(const std::string& location, const std::string& more = "") {
  return R"({"location":")" + location + R"(","retrieveDate":"2026-01-01T00:00:00Z")" + more + "}";
}

inline void tour_files(Bench& bench) {
  const std::string nowhere = "ftp://127.0.0.1:21/";
  for (const std::string& image :
       {make_firmware_image("2.0", 5000), make_damaged_image("3.0", 5000)}) {
    bench.ask("UpdateFirmware", update_request(bench.offer(image)));
    bench.ask("TriggerMessage", R"({"requestedMessage":"FirmwareStatusNotification"})");
    bench.pass(300s);
  }
  bench.ask("UpdateFirmware", update_request(nowhere + "none.bin", R"(,"retries":0)"));
  bench.pass(30s);
  bench.ask("GetDiagnostics", R"({"location":")" + bench.folder() + R"("})");
  bench.pass(60s);
  bench.ask("GetDiagnostics", R"({"location":")" + nowhere + R"(","retries":0})");
  bench.ask("TriggerMessage", R"({"requestedMessage":"DiagnosticsStatusNotification"})");
  bench.pass(60s);
}

// A profile whose schedule began a minute ago.
inline std::string charging_profile(Bench& bench, int id, const std::string& purpose, int level,
                                    const std::string& periods, const std::string& more = "") {
  const auto begun = bench.clock().utc() - base::Micros(std::chrono::minutes(1));
  return R"({"chargingProfileId":)" + std::to_string(id) + R"(,"stackLevel":)" +
         std::to_string(level) + R"(,"chargingProfilePurpose":")" + purpose +
         R"(","chargingProfileKind":"Absolute")" + more +
         R"(,"chargingSchedule":{"duration":300,)" + R"("startSchedule":")" +
         base::format_utc_millis(begun) + R"(","chargingRateUnit":"A","chargingSchedulePeriod":[)" +
         periods + "]}}";
}

inline std::string set_profile(int connector, const std::string& profile) {
  return R"({"connectorId":)" + std::to_string(connector) + R"(,"csChargingProfiles":)" + profile +
         "}";
}

inline void tour_charging(Bench& bench) {
  const auto set = [&](int connector, int id, const std::string& purpose, int level,
                       const std::string& periods, const std::string& more = "") {
    bench.ask("SetChargingProfile",
              set_profile(connector, charging_profile(bench, id, purpose, level, periods, more)));
  };
  const auto ask = [&](int connector = 1) {
    bench.ask("GetCompositeSchedule",
              R"({"connectorId":)" + std::to_string(connector) + R"(,"duration":400})");
  };
  const std::string period = R"({"startPeriod":0,"limit":16},{"startPeriod":100,"limit":8})";
  const auto past = bench.clock().utc() - base::Micros(std::chrono::seconds(5));
  const std::string expired = R"(,"validTo":")" + base::format_utc_millis(past) + '"';
  ask();
  set(1, 1, "TxProfile", 0, period);
  set(1, 1, "TxDefaultProfile", 0, period);
  set(1, 2, "TxDefaultProfile", 1, R"({"startPeriod":0,"limit":10})");
  set(1, 3, "TxDefaultProfile", 2, R"({"startPeriod":0,"limit":5})", expired);
  set(0, 4, "ChargePointMaxProfile", 0, R"({"startPeriod":0,"limit":9})");
  ask();
  ask(0);
  bench.ask("RemoteStartTransaction",
            R"({"connectorId":1,"idTag":"TAG","chargingProfile":)" +
                charging_profile(bench, 5, "TxDefaultProfile", 0, period) + "}");
  bench.act("press_stop");
  bench.act("plug_in");
  bench.ask("RemoteStartTransaction",
            R"({"connectorId":1,"idTag":"TAG","chargingProfile":)" +
                charging_profile(bench, 6, "TxProfile", 0, R"({"startPeriod":0,"limit":7})") + "}");
  ask();
  set(1, 7, "TxProfile", 0, period, R"(,"transactionId":99999)");
  set(1, 8, "TxProfile", 0, R"({"startPeriod":0,"limit":6})");
  bench.pass(100s);
  ask();
  bench.pass(300s);
  set(1, 9, "TxDefaultProfile", 3, R"({"startPeriod":0,"limit":5})");
  ask();
  bench.ask("ClearChargingProfile", R"({"id":77})");
  bench.ask("ClearChargingProfile", R"({"id":9})");
  ask();
  bench.act("press_stop");
  bench.act("plug_out");
  bench.ask("ClearChargingProfile", "{}");
  ask();
}

inline void tour(Bench& bench) {
  prepare_tour(bench);
  tour_registration(bench);
  tour_configuration(bench);
  tour_statuses(bench);
  tour_identification(bench);
  tour_remote(bench);
  tour_vehicle(bench);
  tour_control(bench);
  tour_profiles(bench);
  tour_files(bench);
  tour_charging(bench);
  tour_failures(bench);
  tour_security(bench);
  tour_store(bench);
  tour_signed_firmware(bench);
  tour_tls(bench);
}

}  // namespace plugproof::simulator
