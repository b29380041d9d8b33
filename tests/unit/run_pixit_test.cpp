// The values of the bench for smart charging and its file servers: what fits, and what is refused.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "engine/run/pixit.hpp"

namespace plugproof::run {
namespace {

using base::Value;

pics::Pics pics_of(const std::string& path) {
  base::Diagnostics diagnostics;
  auto pics = pics::Pics::load(path, diagnostics);
  EXPECT_TRUE(pics) << diagnostics.render();
  return *std::move(pics);
}

struct Loaded {
  std::optional<Pixit> pixit;
  std::string problems;
};

Loaded load(const std::string& pics, const std::string& text) {
  const std::string path = testing::TempDir() + "plugproof_pixit.yaml";
  std::ofstream(path) << text;
  base::Diagnostics diagnostics;
  Loaded out{Pixit::load(path, pics_of(pics), diagnostics), {}};
  out.problems = diagnostics.render();
  std::remove(path.c_str());
  return out;
}

constexpr const char* kAmperes = "pics/certified/CHQ-S-07SR.yaml";
constexpr const char* kWatts = "pics/certified/CSC-07A7-1.yaml";
constexpr const char* kBoth = "tests/suite/pics/smart-sockets.yaml";

TEST(PixitOfSmartCharging, Defaults__FitThePics) {
  base::Diagnostics none;
  const auto amperes = Pixit::load("", pics_of(kAmperes), none);
  EXPECT_EQ(amperes->values.at("charging_rate_unit"), Value("A"));
  EXPECT_EQ(amperes->values.at("charging_rate_factor"), Value(1));
  EXPECT_EQ(amperes->values.at("number_phases"), Value(1));
  EXPECT_EQ(amperes->values.at("stack_level"), Value(0));
  EXPECT_TRUE(amperes->values.at("local_limit").is_null());
  const auto watts = Pixit::load("", pics_of(kWatts), none);
  EXPECT_EQ(watts->values.at("charging_rate_unit"), Value("W"));
  EXPECT_EQ(watts->values.at("charging_rate_factor"), Value(1000));
  EXPECT_EQ(Pixit::load("", pics_of(kBoth), none)->values.at("number_phases"), Value(3));
  // 2019: the configuration table says Watt, and nothing about phases.
  const auto older = Pixit::load("", pics_of("pics/certified/CSC-14000B7.yaml"), none);
  EXPECT_EQ(older->values.at("charging_rate_unit"), Value("W"));
  EXPECT_EQ(older->values.at("number_phases"), Value(3));
}

TEST(PixitOfSmartCharging, File__Read) {
  const auto loaded = load(kBoth,
                           "charging_rate_unit: W\nstack_level: 1\nschedule_duration: 600\n"
                           "number_phases: 0\nsupply_voltage: 240\nlocal_limit: 11000\n");
  ASSERT_TRUE(loaded.pixit) << loaded.problems;
  EXPECT_EQ(loaded.pixit->values.at("charging_rate_factor"), Value(1000));
  EXPECT_EQ(loaded.pixit->values.at("stack_level"), Value(1));
  EXPECT_EQ(loaded.pixit->values.at("schedule_duration"), Value(600));
  EXPECT_TRUE(loaded.pixit->values.at("number_phases").is_null());
  EXPECT_EQ(loaded.pixit->values.at("supply_voltage"), Value(240));
  EXPECT_EQ(loaded.pixit->values.at("local_limit"), Value(11000));
}

TEST(PixitOfSmartCharging, WhatDoesNotFit__RefusedWithTheReason) {
  const std::pair<const char*, const char*> broken[] = {
      {"charging_rate_unit: kW\n", "'charging_rate_unit' must be A or W"},
      {"charging_rate_unit: W\n", "which the PICS does not claim"},
      {"stack_level: -1\n", "'stack_level' must be a whole number from 0"},
      {"stack_level: 11\n", "above ORS-14"},
      {"number_phases: 4\n", "'number_phases' must be 1, 2 or 3"},
      {"local_limit: 0\n", "'local_limit' must be a positive number"},
      {"schedule_duration: 1.5\n", "'schedule_duration' must be a whole number"}};
  for (const auto& [text, message] : broken) {
    const auto loaded = load(kAmperes, text);
    EXPECT_FALSE(loaded.pixit) << text;
    EXPECT_NE(loaded.problems.find(message), std::string::npos) << loaded.problems;
  }
}

TEST(PixitOfFiles, Host__OneNameOrAddressAlone) {
  for (const char* host : {"bench.example", "bench", "192.168.1.10", "'2001:db8::7'"}) {
    const auto loaded = load(kAmperes, std::string("files: {host: ") + host + "}\n");
    ASSERT_TRUE(loaded.pixit) << loaded.problems;
    EXPECT_EQ(loaded.problems, "");
  }
  EXPECT_EQ(load(kAmperes, "files: {host: bench.example}\n").pixit->files.host, "bench.example");
  EXPECT_EQ(load(kAmperes, "files: {http_port: 0}\n").pixit->files.host, "");
  for (const char* host : {"http://bench.example", "bench.example:8080", "bench.example.", "a b",
                           "'[::1]'", "'*.example'", "192.168.1", "user@bench", "''"}) {
    const auto loaded = load(kAmperes, std::string("files:\n  host: ") + host + "\n");
    EXPECT_NE(loaded.problems.find(":2:9: error: 'host' cannot be where a charge point reaches us"),
              std::string::npos)
        << host << ": " << loaded.problems;
    EXPECT_NE(loaded.problems.find("give a name or an IP address alone"), std::string::npos);
  }
}

}  // namespace
}  // namespace plugproof::run
