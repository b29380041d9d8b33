// The suite as loaded from a folder of YAML files: states, test cases and the programme's facts,
// checked against the schemas and against each other. A suite with an error in it is never used.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/suite/model.hpp"

namespace plugproof::suite {

class Suite {
 public:
  // Reads `folder` (programme.yaml, states/, and every other folder's cases). Errors go to
  // `diagnostics`; nothing is returned then. `called`: the folder's name in every place
  // (file:line:column) that is told, where that is not to be its own.
  static std::optional<Suite> load(const std::string& folder, base::Diagnostics& diagnostics,
                                   const std::string& called = {});

  // In running order: that of the programme.
  const std::vector<ProgrammeEntry>& programme() const { return programme_; }
  const TestCase* find_case(const std::string& id) const;
  const State* find_state(const std::string& name) const;
  const std::map<std::string, State>& states() const { return states_; }
  const std::map<std::string, TestCase>& cases() const { return cases_; }
  // As it is called in places.
  const std::string& folder() const { return folder_; }
  // Over the bytes of all files, in the order of their names: the identity of the suite in a
  // report.
  const std::string& sha256() const { return sha256_; }

  // Names that every expression may use, besides PICS ids and what a case defines itself.
  static const std::vector<std::string>& builtin_names();

 private:
  std::vector<ProgrammeEntry> programme_;
  std::map<std::string, State> states_;
  std::map<std::string, TestCase> cases_;
  std::string folder_, sha256_;
};

// Whether a case, or a state that it uses, reads a name: what it does may hang on it.
bool reads_name(const TestCase& test_case, const Suite& suite, const std::string& name);

// Checks that every name in a case or state has a source, and that the states it uses exist and
// take the arguments they are given.
void lint_names(const TestCase& test_case, const std::map<std::string, State>& states,
                base::Diagnostics& diagnostics);
void lint_names(const State& state, const std::map<std::string, State>& states,
                base::Diagnostics& diagnostics);

}  // namespace plugproof::suite
