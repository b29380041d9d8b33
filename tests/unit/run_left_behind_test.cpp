// What requests of ours may have left behind at the charge point, for the clean-up: reservations
// and a local list.
#include "run_bench.hpp"

namespace plugproof::run {
namespace {

using LeftBehind = RunBench;

std::string reserve(int offset = 0) {
  return "  - send: ReserveNow\n    or_error: true\n    within: 2\n    payload:\n      "
         "connectorId: 1\n"
         "      idTag: PLUGPROOF01\n      reservationId: $reservation_id + " +
         std::to_string(offset) + "\n      expiryDate: $plus_seconds(now, 60)\n";
}

std::string send_list(const std::string& type, bool entries) {
  return "  - send: SendLocalList\n    or_error: true\n    payload:\n      listVersion: 1\n"
         "      updateType: " +
         type + "\n" +
         (entries ? "      localAuthorizationList: [{idTag: A, idTagInfo: {status: Accepted}}]\n"
                  : "");
}

std::string holds(const std::string& expression) {
  return "  - expect: " + expression + "\n    says: it is so\n";
}

TEST_F(LeftBehind, AcceptedReservation__KnownUntilItIsCancelled) {
  EXPECT_VERDICT(
      "pass", play(holds("len(reservations) == 0") + reserve() +
                   holds("pluck(reservations, 'reservationId') == [reservation_id] and "
                         "pluck(reservations, 'connectorId') == [1]") +
                   "  - send: CancelReservation\n    payload: {reservationId: $reservation_id}\n" +
                   holds("len(reservations) == 0")));
}

TEST_F(LeftBehind, RefusedReservation__NotKnown) {
  dut->on("ReserveNow", [&](const std::string& id, const Value&) {
    dut->result(id, R"({"status":"Occupied"})");
  });
  EXPECT_VERDICT("pass", play(reserve() + holds("len(reservations) == 0")));
}

TEST_F(LeftBehind, ReservationAnsweredWithAnError__NotKnown) {
  dut->on("ReserveNow",
          [&](const std::string& id, const Value&) { dut->error(id, "NotSupported"); });
  EXPECT_VERDICT("pass", play(reserve() + holds("len(reservations) == 0")));
}

TEST_F(LeftBehind, ReservationWithoutAnAnswer__CancelledByTheCleanUp) {
  dut->on("ReserveNow", [](const std::string&, const Value&) {});
  folder.write("states/Idle.yaml",
               "name: Idle\nkind: cleanup\npurpose: P.\nsteps:\n"
               "  - for_each: {reserved: \"$pluck(reservations, 'reservationId')\"}\n    steps:\n"
               "      - send: CancelReservation\n        payload: {reservationId: $reserved}\n");
  EXPECT_VERDICT("fail", play(reserve()));
  EXPECT_EQ(dut->requests.back().find("CancelReservation"), 0u) << dut->requests.back();
}

TEST_F(LeftBehind, ReservationThatIsUsed__NotKnownAnyMore) {
  dut->on("ReserveNow", [&](const std::string& id, const Value& payload) {
    dut->result(id, R"({"status":"Accepted"})");
    dut->call("StartTransaction",
              R"({"connectorId":1,"idTag":"PLUGPROOF01","meterStart":0,"reservationId":)" +
                  std::to_string(payload.int_or("reservationId", 0)) + R"(,"timestamp":")" +
                  base::format_utc_millis(clock.utc()) + "\"}");
  });
  EXPECT_VERDICT("pass", play(reserve() +
                              "  - receive: StartTransaction\n"
                              "    check: {reservationId: $reservation_id}\n" +
                              holds("len(reservations) == 0")));
}

TEST_F(LeftBehind, ReservationIds__DifferBetweenCases) {
  add("T_1", reserve());
  add("T_2", reserve());
  add("T_3", reserve());
  run();
  std::vector<std::int64_t> ids;
  for (const auto& request : dut->requests)
    if (request.rfind("ReserveNow ", 0) == 0)
      ids.push_back(base::read_json(request.substr(11)).value->int_or("reservationId", 0));
  ASSERT_EQ(ids.size(), 3u);
  // The number after each stays free, for a reservation that nobody made.
  EXPECT_GE(ids[0], 1000000);
  EXPECT_EQ(ids[1], ids[0] + 2);
  EXPECT_EQ(ids[2], ids[0] + 4);
}

TEST_F(LeftBehind, LocalList__KnownUntilItIsEmptied) {
  EXPECT_VERDICT("pass",
                 play(holds("not local_list") + send_list("Full", true) + holds("local_list") +
                      send_list("Differential", false) + holds("local_list") +
                      send_list("Full", false) + holds("not local_list")));
}

TEST_F(LeftBehind, LocalListThatFails__OlderEntriesMayBeLeft) {
  dut->on("SendLocalList",
          [&](const std::string& id, const Value&) { dut->result(id, R"({"status":"Failed"})"); });
  EXPECT_VERDICT("pass", play(send_list("Full", true) + holds("local_list")));
}

TEST_F(LeftBehind, LocalListNotSupported__NotKnown) {
  int asked = 0;
  dut->on("SendLocalList", [&](const std::string& id, const Value&) {
    if (++asked == 1)
      dut->result(id, R"({"status":"NotSupported"})");
    else
      dut->error(id, "NotSupported");
  });
  EXPECT_VERDICT("pass", play(send_list("Full", true) + holds("not local_list") +
                              send_list("Full", true) + holds("not local_list")));
}

}  // namespace
}  // namespace plugproof::run
