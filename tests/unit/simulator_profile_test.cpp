#include "simulator_tour.hpp"

namespace plugproof::simulator {
namespace {

class Profile : public testing::Test {
 protected:
  Bench bench{pics_of(k2024All, detachable())};
  void SetUp() override { bench.boot().forget(); }
  void TearDown() override { EXPECT_TRUE(bench.problems().empty()) << bench.problems().front(); }
  std::string send(int version, const std::string& type, const std::string& tag) {
    return bench.status_of("SendLocalList", local_list(version, type, tag));
  }
  std::int64_t version() {
    return bench.ask("GetLocalListVersion", "{}").int_or("listVersion", -9);
  }
  std::string reserve(int id, base::Nanos lasts, const std::string& more = "") {
    return bench.status_of("ReserveNow", reservation(bench, id, lasts, more));
  }
};

TEST_F(Profile, LocalListVersions__OldDifferentialsAreRefused) {
  EXPECT_EQ(version(), 0);
  EXPECT_EQ(send(2, "Full", "A"), "Accepted");
  EXPECT_EQ(send(5, "Differential", "B"), "Accepted");
  EXPECT_EQ(send(4, "Differential", "C"), "VersionMismatch");
  EXPECT_EQ(version(), 5);
  EXPECT_EQ(bench.status_of("SendLocalList", R"({"listVersion":6,"updateType":"Full"})"),
            "Accepted");
  EXPECT_EQ(version(), 0);
  set_key(bench, "LocalAuthListEnabled", "false");
  EXPECT_EQ(version(), -1);
}

TEST_F(Profile, LocalListRefusedByTheDevice__Failed) {
  bench.act("refuse_local_list", R"({"on":true})");
  EXPECT_EQ(send(2, "Full", "A"), "Failed");
  EXPECT_EQ(version(), 0);
}

TEST_F(Profile, LocalListThatIsEmpty__TakesEveryVersionAgain) {
  EXPECT_EQ(send(5, "Full", "A"), "Accepted");
  EXPECT_EQ(bench.status_of("SendLocalList", R"({"listVersion":6,"updateType":"Full"})"),
            "Accepted");
  EXPECT_EQ(send(1, "Differential", "A"), "Accepted");
  EXPECT_EQ(version(), 1);
}

TEST_F(Profile, LocalListWithATagTwice__FailsAndChangesNothing) {
  EXPECT_EQ(send(5, "Full", "A"), "Accepted");
  std::string twice = local_list(6, "Full", "B");
  twice.insert(twice.rfind(']'), R"(,{"idTag":"B","idTagInfo":{"status":"Blocked"}})");
  EXPECT_EQ(bench.status_of("SendLocalList", twice), "Failed");
  EXPECT_EQ(version(), 5);
}

TEST_F(Profile, ListedTag__StartsWithoutAuthorize) {
  set_key(bench, "LocalPreAuthorize", "true");
  set_key(bench, "AuthorizationCacheEnabled", "false");
  send(1, "Full", "TAG");
  bench.forget();
  bench.act("plug_in");
  bench.status_of("RemoteStartTransaction", R"({"connectorId":1,"idTag":"TAG"})");
  EXPECT_EQ(bench.words(), (Words{"StatusNotification:Preparing", "StartTransaction",
                                  "StatusNotification:Charging"}));
}

TEST_F(Profile, ReservedConnector__OnlyForItsTagAndNamedInTheStart) {
  EXPECT_EQ(reserve(7, 1h), "Accepted");
  EXPECT_EQ(bench.words(), Words{"StatusNotification:Reserved"});
  bench.forget();
  present(bench, "OTHER");
  EXPECT_TRUE(bench.words().empty());
  present(bench, "TAG");
  bench.act("plug_in");
  EXPECT_EQ(bench.words(), (Words{"Authorize", "StatusNotification:Preparing", "StartTransaction",
                                  "StatusNotification:Charging"}));
  EXPECT_EQ(bench.last("StartTransaction")->int_or("reservationId", 0), 7);
}

TEST_F(Profile, ReservedForAGroup__AnotherMemberIsLetIn) {
  bench.answer("Authorize", R"({"idTagInfo":{"status":"Accepted","parentIdTag":"GROUP"}})");
  EXPECT_EQ(reserve(7, 1h, R"(,"parentIdTag":"GROUP")"), "Accepted");
  bench.act("plug_in");
  EXPECT_EQ(bench.words(), Words{"StatusNotification:Reserved"});
  present(bench, "MEMBER");
  EXPECT_EQ(bench.last("StartTransaction")->int_or("reservationId", 0), 7);
}

TEST_F(Profile, ReservationExpiry__AvailableAgainAndNotNamed) {
  EXPECT_EQ(reserve(7, 60s), "Accepted");
  bench.pass(70s);
  EXPECT_EQ(bench.words(), (Words{"StatusNotification:Reserved", "StatusNotification:Available"}));
  present(bench, "OTHER");
  bench.act("plug_in");
  EXPECT_EQ(bench.last("StartTransaction")->find("reservationId"), nullptr);
}

TEST_F(Profile, ReservedConnectorThatFails__ReservationEnds) {
  EXPECT_EQ(reserve(7, 1h), "Accepted");
  bench.act("fault", R"({"connector":1,"on":true})");
  bench.act("fault", R"({"connector":1,"on":false})");
  EXPECT_EQ(bench.words(), (Words{"StatusNotification:Reserved", "StatusNotification:Faulted",
                                  "StatusNotification:Available"}));
  EXPECT_EQ(bench.status_of("CancelReservation", R"({"reservationId":7})"), "Rejected");
}

TEST_F(Profile, ReservedChargePointOutOfService__ReservationEnds) {
  EXPECT_EQ(reserve(7, 1h), "Accepted");
  bench.status_of("ChangeAvailability", R"({"connectorId":0,"type":"Inoperative"})");
  EXPECT_EQ(bench.status_of("CancelReservation", R"({"reservationId":7})"), "Rejected");
}

TEST_F(Profile, Reservation__RefusedWithTheReason) {
  bench.act("plug_in");
  EXPECT_EQ(reserve(1, 1h), "Occupied");
  bench.act("plug_out");
  bench.act("fault", R"({"connector":1,"on":true})");
  EXPECT_EQ(reserve(1, 1h), "Faulted");
  bench.act("fault", R"({"connector":1,"on":false})");
  bench.status_of("ChangeAvailability", R"({"connectorId":1,"type":"Inoperative"})");
  EXPECT_EQ(reserve(1, 1h), "Unavailable");
}

TEST_F(Profile, ReservationOfTheChargePoint__LastConnectorIsReserved) {
  bench.status_of("ChangeAvailability", R"({"connectorId":2,"type":"Inoperative"})");
  bench.forget();
  std::string request = reservation(bench, 4, 1h);
  request.replace(request.find("\"connectorId\":1"), 15, "\"connectorId\":0");
  EXPECT_EQ(bench.status_of("ReserveNow", request), "Accepted");
  EXPECT_EQ(bench.words(), Words{"StatusNotification:Reserved"});
  EXPECT_EQ(bench.status_of("RemoteStartTransaction", R"({"connectorId":1,"idTag":"OTHER"})"),
            "Rejected");
  EXPECT_EQ(bench.status_of("CancelReservation", R"({"reservationId":4})"), "Accepted");
  EXPECT_EQ(bench.words().back(), "StatusNotification:Available");
  EXPECT_EQ(bench.status_of("CancelReservation", R"({"reservationId":4})"), "Rejected");
}

TEST(ProfileUnclaimed, Reservation__Rejected) {
  Bench bench(pics_of(k2024));
  bench.boot();
  EXPECT_EQ(bench.status_of("ReserveNow", reservation(bench, 1, 1h)), "Rejected");
}

TEST(ProfileUnclaimed, LocalList__NotSupportedInTheAnswer) {
  Bench bench(pics_of(k2024));
  bench.boot();
  EXPECT_EQ(bench.status_of("SendLocalList", local_list(1, "Full", "A")), "NotSupported");
  EXPECT_EQ(bench.ask("GetLocalListVersion", "{}").int_or("listVersion", 0), -1);
}

TEST(ProfileUnclaimed, CancelReservation__CallError) {
  Bench bench(pics_of(k2024));
  bench.boot();
  EXPECT_EQ(bench.ask("CancelReservation", R"({"reservationId":1})").string_or("error", ""),
            "NotSupported");
}

}  // namespace
}  // namespace plugproof::simulator
