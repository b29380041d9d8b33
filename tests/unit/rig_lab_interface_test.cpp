#include "engine/rig/lab_interface.hpp"

#include <gtest/gtest.h>

namespace plugproof::rig {
namespace {

using base::Value;

// "station plugin?..., vehicle plugin", as a reader of the interface would write it.
std::string shown(const std::string& action, const Value& arguments, bool with_vehicle = true) {
  std::string text;
  for (const auto& call : lab_calls(*find_action(action), arguments, "Central", with_vehicle)) {
    const bool station = call.side == LabCall::Side::station;
    text += (text.empty() ? "" : ", ") + std::string(station ? "station " : "vehicle ") +
            call.target().substr(1);
    EXPECT_EQ(call.target().rfind("/", 0), 0U);
  }
  return text;
}

const Value kTwo = Value::object({{"connector", 2}});
Value two_and(const char* name, bool on) {
  return Value::object({{"connector", 2}, {name, on}});
}

TEST(LabInterface, Plugs__BothEndsOrOne) {
  EXPECT_EQ(shown("plug_in", kTwo),
            "station plugin?halfway=false&evse_id=2&connector_id=1, vehicle plugin");
  EXPECT_EQ(shown("plug_in", two_and("halfway", true), false),
            "station plugin?halfway=true&evse_id=2&connector_id=1");
  EXPECT_EQ(shown("plug_out", kTwo), "vehicle plugout, station plugout?evse_id=2&connector_id=1");
  EXPECT_EQ(shown("plug_out", kTwo, false), "station plugout?evse_id=2&connector_id=1");
  EXPECT_EQ(shown("ev_plug_in", kTwo), "vehicle plugin");
  EXPECT_EQ(shown("ev_plug_out", kTwo), "vehicle plugout");
}

TEST(LabInterface, States__TogglesOfOneConnectorOrOfTheStation) {
  EXPECT_EQ(shown("fault", two_and("on", true)),
            "station state?faulted=true&evse_id=2&connector_id=1");
  EXPECT_EQ(shown("fault", Value::object({{"connector", 0}, {"on", false}})),
            "station state?faulted=false&evse_id=0&connector_id=1");
  EXPECT_EQ(shown("unlock_failure", two_and("on", true)),
            "station state?unlock_failed=true&evse_id=2&connector_id=1");
  EXPECT_EQ(shown("refuse_local_list", Value::object({{"on", true}})),
            "station state?refused_local_auth_list=true&evse_id=0&connector_id=1");
  EXPECT_EQ(shown("local_limit", Value::object({{"limit", "16 A"}})),
            "station state?charging_limit=16%20A&evse_id=0&connector_id=1");
  EXPECT_EQ(shown("local_limit", Value::object({{"limit", ""}})),
            "station state?charging_limit=&evse_id=0&connector_id=1");
  EXPECT_EQ(shown("ev_ready", two_and("ready", false)), "vehicle state?ready=false");
}

TEST(LabInterface, Identification__TypeAndPlaceGoWithIt) {
  EXPECT_EQ(shown("present_id", Value::object({{"id_tag", "A B&C=\xC3\xA4"}, {"connector", 2}})),
            "station authorize?id=A%20B%26C%3D%C3%A4&type=Central&evse_id=2&connector_id=1");
  EXPECT_EQ(shown("present_id", Value::object({{"id_tag", "TAG-1_2.3~"}})),
            "station authorize?id=TAG-1_2.3~&type=Central&evse_id=1&connector_id=1");
}

TEST(LabInterface, PowerCycle__RebootWithoutParameters) {
  EXPECT_EQ(shown("power_cycle", Value(Value::Object{})), "station reboot");
}

TEST(LabInterface, WhatItCannotSay__NoCall) {
  EXPECT_EQ(shown("press_stop", kTwo), "");
  EXPECT_EQ(shown("power", Value::object({{"on", false}})), "");
  EXPECT_EQ(shown("network", Value::object({{"on", false}})), "");
}

}  // namespace
}  // namespace plugproof::rig
