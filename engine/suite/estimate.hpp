// How long test cases will take in real time, from what they say alone: what a good charge point
// needs, and what it comes to when every deadline is used up. Data in, seconds out.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "engine/base/value.hpp"
#include "engine/suite/suite.hpp"
#include "pics/pics.hpp"

namespace plugproof::suite {

// What is expected of a good charge point and of its bench, in seconds. Experience with certified
// chargers, not a rule of any specification; a deadline that is shorter counts in its place.
struct Assumptions {
  double response = 0.5;   // to answer a request
  double reaction = 2;     // until the message that follows from something
  double reboot = 45;      // until the BootNotification after a restart
  double reconnect = 10;   // until a connection that was dropped is back
  double by_person = 20;   // one physical action of a person
  double by_machine = 3;   // one of a machine
  double rig_limit = 600;  // what an action may take at most
  double transfer = 15;    // until a file is there
};

struct EstimateInput {
  const std::map<std::string, base::Value>& values;  // of the PIXIT
  const pics::Pics& pics;
  std::string edition;
  Assumptions assumptions;
  // Whether a person has to do it.
  std::function<bool(const std::string& action, const base::Value& arguments)> by_person;
};

struct Estimate {
  double expected = 0;  // seconds
  double at_most = 0;   // seconds, every deadline used up
  int actions = 0;      // physical actions
  int by_person = 0;    // of these
  // Something depends on what the charge point will say: it was taken as the case hopes for, or as
  // the longer way.
  bool guessed = false;

  Estimate& operator+=(const Estimate& other);
};

// One estimate for each case, in their order, preparation and cleaning up included. With `share`
// the cases hand states over where they may.
std::vector<Estimate> estimate(const std::vector<const TestCase*>& cases, const Suite& suite,
                               const EstimateInput& input, bool share);

}  // namespace plugproof::suite
