// A test case and a state as data: what the YAML files say after they were checked. Nothing in here
// runs.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/expression.hpp"
#include "engine/base/path.hpp"
#include "engine/suite/template.hpp"

namespace plugproof::suite {

// What a field must be.
struct Condition {
  enum class Op {
    equals,
    one_of,
    differs,
    at_least,
    at_most,
    matches,
    absent,
    present,
    length,
    contains,
    covers,
    fallback,
    close_to,
    composite,
    holds
  };
  Op op = Op::equals;
  Template operand;                            // composite: {connector, duration, unit}
  Template extra;                              // covers, fallback: the default; close_to: seconds
  std::shared_ptr<const Condition> inner;      // fallback: the check on the value or its default
  std::optional<base::Expression> expression;  // holds

  std::string to_display() const;
};

// One entry of select, check, via or result.
struct FieldCheck {
  base::FieldPath path;
  Condition condition;
  base::SourcePos pos;
};

struct Step;
using Steps = std::vector<Step>;

struct Step {
  enum class Kind {
    rig,
    receive,
    send,
    any_order,
    either,
    optional,
    choice,
    for_each,
    never,
    collect,
    wait,
    set,
    expect,
    state,
    configure,
    link,
    await,
    offer,
    transfer,
    serve,
    make
  };
  Kind kind = Kind::rig;
  base::SourcePos pos;
  std::string label;  // unique enough to find it: "5", "rig plug_in", "never StartTransaction"
  std::optional<int> number;  // the test document's
  std::string note;
  std::optional<base::Expression> when;
  std::string mark;  // a name for the instant at which the step was done

  // The action, state, fault, awaited thing, offered or made thing or way that the key names.
  std::string name;
  Template
      arguments;  // rig, state, offer, make: with; send: payload; set, configure, serve: the map
  std::vector<FieldCheck> select;       // receive, never, collect
  std::vector<FieldCheck> checks;       // receive, collect, transfer, await: check; send: result
  std::vector<FieldCheck> via;          // receive
  std::vector<FieldCheck> warnings;     // receive, send: warn
  Template reply;                       // receive
  std::optional<Template> reply_error;  // receive: {code, description}
  bool no_reply = false;
  std::optional<Template> reply_after;                         // receive: seconds
  std::optional<Template> within;                              // seconds
  std::optional<std::pair<std::string, Template>> not_before;  // mark or label, seconds
  bool may_miss = false;                                       // receive: optional
  bool meanwhile = false;  // receive: optional only as long as another item of any_order waits
  std::vector<std::pair<std::string, base::FieldPath>> capture;
  std::string kpi;                       // receive
  bool error_allowed = false;            // send: or_error
  bool error_required = false;           // send: error
  std::vector<std::string> error_codes;  // of the two above; empty: any
  std::vector<Steps>
      branches;  // any_order, either: items; optional, for_each: [0]; choice: then, else
  std::optional<base::Expression> condition;  // choice, expect
  std::string says;                           // expect
  bool remarks = false;                       // expect: what does not hold is a remark, no failure
  // for_each: item; collect, offer, make, await, never: into; optional: took
  std::string variable;
  std::string place;                 // transfer: of
  Template list;                     // for_each
  bool unordered = false;            // for_each
  std::optional<Template> duration;  // never, collect: for; wait
  std::optional<Template> at_least;  // collect
};

// A use of a named state.
struct StateUse {
  std::string name;
  Template arguments;
  base::SourcePos pos;
  std::optional<base::Expression> when = std::nullopt;
};

struct ConfigurationEntry {
  std::string key;
  Template value;
  bool needed = false;
  base::SourcePos pos;
};

struct State {
  std::string file;
  base::SourcePos pos;
  std::string name, kind, purpose, note;
  std::vector<std::pair<std::string, Template>> params;
  std::vector<ConfigurationEntry> configuration;
  std::vector<StateUse> before;
  std::optional<base::Expression> holds;
  Steps steps, leave;
};

// An expression for each programme generation ("2019", "2024", "2025").
using PerGeneration = std::map<std::string, base::Expression>;

// The security profiles (security whitepaper, section 2) with which a case can be played.
struct SecurityRange {
  int from = 0, to = 3;
  bool raises =
      false;  // it leaves the charge point on a higher one, from which there is no way back
};

struct TestCase {
  std::string file;
  base::SourcePos pos;
  std::string id, title, group, purpose, requirement, advice, note;
  std::vector<std::string> editions;
  std::map<std::string, std::string> profile;  // by generation
  PerGeneration applies;
  std::vector<std::string> reference;
  std::vector<ConfigurationEntry> configuration;
  std::vector<StateUse> memory, state;
  SecurityRange security;
  Steps scenario;
};

// What is known of an id before, or without, its case: the facts of testcases/programme.yaml.
struct ProgrammeEntry {
  std::string id, title, group;
  std::vector<std::string> editions;
  std::map<std::string, std::string> profile;
  PerGeneration applies;
  bool supplementary = false;  // no part of any programme: it runs when it is asked for
  base::SourcePos pos;
};

// What can never come besides messages: `never: connection`.
inline constexpr const char* kConnection = "connection";

const char* to_string(Step::Kind kind);  // the key in the YAML

}  // namespace plugproof::suite
