#include "engine/suite/selection.hpp"

#include <algorithm>

namespace plugproof::suite {

namespace {

class PicsScope final : public base::Scope {
 public:
  explicit PicsScope(const pics::Pics& pics) : pics_(pics) {}
  std::optional<base::Value> lookup(std::string_view name) const override {
    return pics_.lookup(name);
  }

 private:
  const pics::Pics& pics_;
};

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::string top_of(const std::string& group) {
  return group.substr(0, group.find('/'));
}

bool in_group(const std::vector<std::string>& groups, const std::string& group) {
  return std::any_of(groups.begin(), groups.end(),
                     [&](const auto& g) { return group == g || group.rfind(g + "/", 0) == 0; });
}

void check_filter(const Suite& suite, const Filter& filter, base::Diagnostics& diagnostics) {
  std::vector<std::string> ids, groups;
  for (const auto& entry : suite.programme()) {
    ids.push_back(entry.id);
    if (!contains(groups, entry.group)) groups.push_back(entry.group);
    if (!contains(groups, top_of(entry.group))) groups.push_back(top_of(entry.group));
  }
  for (const auto& id : filter.only)
    if (!contains(ids, id))
      diagnostics.error({"--only", 0, 0}, "there is no test case '" + id + "'",
                        base::did_you_mean(id, ids));
  for (const auto& id : filter.skip)
    if (!contains(ids, id))
      diagnostics.error({"--skip", 0, 0}, "there is no test case '" + id + "'",
                        base::did_you_mean(id, ids));
  for (const auto& group : filter.groups)
    if (!contains(groups, group))
      diagnostics.error({"--group", 0, 0}, "there is no group '" + group + "'",
                        base::did_you_mean(group, groups));
  std::vector<std::string> supplementary;
  for (const auto& entry : suite.programme())
    if (entry.supplementary)
      for (const auto& name : {entry.id, entry.group, top_of(entry.group)})
        if (!contains(supplementary, name)) supplementary.push_back(name);
  for (const auto& name : filter.also)
    if (!contains(supplementary, name))
      diagnostics.error({"--also", 0, 0},
                        "there is no supplementary test case or group '" + name + "'",
                        base::did_you_mean(name, supplementary));
}

bool asked_for(const ProgrammeEntry& entry, const Filter& filter) {
  return contains(filter.only, entry.id) || in_group(filter.groups, entry.group) ||
         contains(filter.also, entry.id) || in_group(filter.also, entry.group);
}

// The answers that decided, for the reason: "C-04 is no, AQ-2 is no".
std::string answers(const base::Expression& expression, const pics::Pics& pics) {
  std::string out;
  for (const auto& name : expression.names()) {
    const auto value = pics.lookup(name);
    if (!value) continue;
    if (!out.empty()) out += ", ";
    out += name + " is " +
           (value->is_bool() ? (value->as_bool() ? "yes" : "no") : value->to_display());
  }
  return out;
}

void decide(Selected& s, const pics::Pics& pics, const std::string& edition, const Filter& filter,
            base::Diagnostics& diagnostics) {
  const std::string generation = pics::to_string(pics.generation());
  const auto& editions = s.test_case ? s.test_case->editions : s.entry->editions;
  const auto& applies = s.test_case ? s.test_case->applies : s.entry->applies;
  const auto& profiles = s.test_case ? s.test_case->profile : s.entry->profile;
  if (auto it = profiles.find(generation); it != profiles.end()) s.profile = it->second;
  const base::Expression& expression = applies.at(generation);
  s.feature = expression.text();

  if (!contains(editions, edition)) {
    s.decision = Decision::not_in_edition;
    s.reason = "the edition " + edition + " of the test document does not have it";
    return;
  }
  try {
    s.applies = expression.holds(PicsScope(pics));
  } catch (const base::EvaluationError& e) {
    if (e.missing_name.rfind("cfg.", 0) == 0) {
      s.decision = Decision::undecided;
      s.reason = "the charge point's configuration decides: " + expression.text();
    } else {
      diagnostics.error({pics.path(), 0, 0}, "selecting " + s.entry->id + ": " + e.what(),
                        "answer it in the PICS; an answer that is absent is not a no");
      s.decision = Decision::undecided;
      s.reason = e.what();
      return;
    }
  }
  const std::string why = answers(expression, pics);
  if (s.decision != Decision::undecided && !s.applies) {
    s.decision = Decision::not_applicable;
    s.reason = why.empty() ? "not part of this programme" : why;
    return;
  }
  if (!s.test_case) {
    s.decision = Decision::not_built;
    s.reason = "it applies" + (why.empty() ? std::string() : " (" + why + ")") +
               ", but this version has no case for it yet";
    return;
  }
  const bool chosen = s.entry->supplementary ||  // which is here because it was asked for
                      ((filter.only.empty() || contains(filter.only, s.entry->id)) &&
                       (filter.groups.empty() || in_group(filter.groups, s.entry->group)));
  if (!chosen || contains(filter.skip, s.entry->id)) {
    s.decision = Decision::skipped;
    s.reason = "left out on request";
    return;
  }
  if (s.decision == Decision::undecided) return;
  s.decision = Decision::selected;
  s.reason = why.empty() ? "for every charge point" : why;
}

}  // namespace

const char* to_string(Decision decision) {
  static constexpr const char* kNames[] = {"selected",   "not_applicable", "not_in_edition",
                                           "not_built",  "skipped",        "undecided",
                                           "other_shard"};
  return kNames[static_cast<int>(decision)];
}

Decision decision_named(std::string_view name) {
  for (const auto decision :
       {Decision::selected, Decision::not_applicable, Decision::not_in_edition, Decision::not_built,
        Decision::skipped, Decision::other_shard})
    if (name == to_string(decision)) return decision;
  return Decision::undecided;
}

std::string default_edition(pics::Generation generation) {
  return generation == pics::Generation::g2025 ? "2025-11" : "2024-04";
}

std::vector<int> security_profiles_of(const pics::Pics& pics) {
  std::vector<int> profiles;
  for (int profile = 1; profile <= 3; ++profile) {
    const auto claimed = pics.lookup("supports.SecurityProfile" + std::to_string(profile));
    if (claimed && claimed->is_bool() && claimed->as_bool()) profiles.push_back(profile);
  }
  return profiles;
}

int first_security_profile(const pics::Pics& pics) {
  const auto profiles = security_profiles_of(pics);
  return profiles.empty() ? 0 : profiles.front();
}

std::vector<Selected> select(const Suite& suite, const pics::Pics& pics, const std::string& edition,
                             const Filter& filter, base::Diagnostics& diagnostics) {
  check_filter(suite, filter, diagnostics);
  std::vector<Selected> out;
  for (const auto& entry : suite.programme()) {
    if (entry.supplementary && !asked_for(entry, filter)) continue;
    Selected s;
    s.entry = &entry;
    s.test_case = suite.find_case(entry.id);
    decide(s, pics, edition, filter, diagnostics);
    out.push_back(std::move(s));
  }
  return out;
}

}  // namespace plugproof::suite
