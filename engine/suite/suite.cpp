#include "engine/suite/suite.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/suite/case_loader.hpp"
#include "engine/suite/certificate_functions.hpp"
#include "engine/suite/sources.hpp"

namespace plugproof::suite {

namespace fs = std::filesystem;
using base::Diagnostics;

namespace {

// A case repeats the facts of the programme, so that it can be read alone; the two must not differ.
void lint_agreement(const TestCase& test_case, const ProgrammeEntry& entry,
                    Diagnostics& diagnostics) {
  const auto differ = [&](const std::string& what, const std::string& here,
                          const std::string& there) {
    diagnostics.error(test_case.pos,
                      test_case.id + ": " + what + " is '" + here + "' here, but '" + there +
                          "' in programme.yaml",
                      "say the same in both");
  };
  if (test_case.group != entry.group) differ("group", test_case.group, entry.group);
  if (test_case.editions != entry.editions)
    diagnostics.error(test_case.pos, test_case.id + ": 'editions' differs from programme.yaml",
                      "say the same in both");
  for (const auto& [generation, expression] : test_case.applies)
    if (const auto it = entry.applies.find(generation);
        it != entry.applies.end() && it->second.text() != expression.text())
      differ("applies for " + generation, expression.text(), it->second.text());
  for (const auto& [generation, profile] : test_case.profile)
    if (const auto it = entry.profile.find(generation);
        it != entry.profile.end() && it->second != profile)
      differ("profile for " + generation, profile, it->second);
}

}  // namespace

std::optional<Suite> Suite::load(const std::string& folder, Diagnostics& diagnostics,
                                 const std::string& called) {
  add_certificate_functions();
  const std::size_t errors_before = diagnostics.error_count();
  Suite suite;
  suite.folder_ = called.empty() ? folder : called;
  const std::vector<SourceFile> sources = read_sources(folder, diagnostics);
  for (const auto& source : sources) {
    const std::string shown =
        called.empty() ? source.path : (fs::path(called) / source.name).string();
    const auto root = base::read_yaml_text(source.text, shown, diagnostics);
    if (!root) continue;
    if (fs::path(source.path).filename() == "programme.yaml") {
      suite.programme_ = load_programme(*root, diagnostics);
    } else if (is_state_file(*root)) {
      State state = load_state(*root, diagnostics);
      const std::string name = state.name;
      if (!suite.states_.emplace(name, std::move(state)).second)
        diagnostics.error(root->pos, "the state '" + name + "' exists twice");
    } else {
      TestCase test_case = load_case(*root, diagnostics);
      const std::string id = test_case.id;
      if (!suite.cases_.emplace(id, std::move(test_case)).second)
        diagnostics.error(root->pos, "the test case '" + id + "' exists twice");
    }
  }
  suite.sha256_ = digest_of(sources);
  if (suite.programme_.empty() && diagnostics.error_count() == errors_before)
    diagnostics.error({folder, 0, 0}, "there is no programme.yaml with test cases in this folder",
                      "name the suite's folder with --suite");
  for (const auto& [name, state] : suite.states_) lint_names(state, suite.states_, diagnostics);
  for (const auto& [id, test_case] : suite.cases_) {
    lint_names(test_case, suite.states_, diagnostics);
    const auto listed = std::find_if(suite.programme_.begin(), suite.programme_.end(),
                                     [&, &key = id](const auto& e) { return e.id == key; });
    if (listed == suite.programme_.end())
      diagnostics.error(test_case.pos,
                        "'" + id + "' is not in programme.yaml, so it would never run",
                        "add it there");
    else
      lint_agreement(test_case, *listed, diagnostics);
  }
  if (diagnostics.error_count() > errors_before) return std::nullopt;
  return suite;
}

const TestCase* Suite::find_case(const std::string& id) const {
  const auto it = cases_.find(id);
  return it == cases_.end() ? nullptr : &it->second;
}

const State* Suite::find_state(const std::string& name) const {
  const auto it = states_.find(name);
  return it == states_.end() ? nullptr : &it->second;
}

}  // namespace plugproof::suite
