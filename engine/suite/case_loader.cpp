#include "engine/suite/case_loader.hpp"

#include <algorithm>
#include <filesystem>

#include "engine/suite/map_reader.hpp"
#include "engine/suite/step_loader.hpp"
#include "pics/pics.hpp"

namespace plugproof::suite {

using base::Diagnostics;
using base::YamlNode;

namespace {

const std::vector<std::string> kGenerations{"2019", "2024", "2025"};
const std::vector<std::string> kEditions{"2024-04", "2025-11"};

// One text for all generations, or a map with one for each.
std::map<std::string, const YamlNode*> per_generation(const YamlNode* node, const std::string& what,
                                                      Diagnostics& diagnostics) {
  std::map<std::string, const YamlNode*> out;
  if (!node) return out;
  if (!node->is_map()) {
    for (const auto& generation : kGenerations) out[generation] = node;
    return out;
  }
  for (const auto& entry : node->entries) {
    if (std::find(kGenerations.begin(), kGenerations.end(), entry.key) == kGenerations.end())
      diagnostics.error(entry.key_pos, "'" + entry.key + "' is no programme generation",
                        "the generations are 2019, 2024 and 2025");
    out[entry.key] = &entry.value;
  }
  for (const auto& generation : kGenerations)
    if (!out.count(generation))
      diagnostics.error(node->pos, "'" + what + "' says nothing for the generation " + generation);
  return out;
}

PerGeneration load_applies(MapReader& in, bool required, Diagnostics& diagnostics) {
  PerGeneration out;
  const YamlNode* node = required ? in.need("applies") : in.get("applies");
  for (const auto& [generation, value] : per_generation(node, "applies", diagnostics)) {
    if (!value->is_scalar()) {
      diagnostics.error(value->pos, "'applies' must be an expression over PICS ids");
    } else if (auto expression = base::Expression::parse(value->text, value->pos, diagnostics)) {
      for (const auto& name : expression->names())
        if (base::is_pics_id(name)) {
          if (!pics::find_id(name))
            diagnostics.error(value->pos, "there is no PICS id '" + name + "'",
                              "docs/pics.md lists them");
        } else if (name.rfind("profile.", 0) != 0 && name.rfind("extension.", 0) != 0 &&
                   name.rfind("certificate.", 0) != 0 && name.rfind("cfg.", 0) != 0) {
          diagnostics.error(value->pos,
                            "'" + name + "' is no PICS id, profile or configuration key");
        }
      out.emplace(generation, *std::move(expression));
    }
  }
  return out;
}

std::map<std::string, std::string> load_profile(MapReader& in, Diagnostics& diagnostics) {
  std::map<std::string, std::string> out;
  for (const auto& [generation, value] : per_generation(in.need("profile"), "profile", diagnostics))
    out[generation] = value->text;
  return out;
}

std::vector<std::string> load_editions(MapReader& in, Diagnostics& diagnostics) {
  in.need("editions");
  auto editions = in.texts("editions");
  for (const auto& edition : editions)
    if (std::find(kEditions.begin(), kEditions.end(), edition) == kEditions.end())
      diagnostics.error(in.node().pos, "'" + edition + "' is no edition of the test document",
                        "the editions are 2024-04 and 2025-11");
  return editions;
}

std::vector<StateUse> load_uses(const YamlNode* node, Diagnostics& diagnostics) {
  std::vector<StateUse> out;
  if (!node || node->is_null()) return out;
  if (!node->is_list()) {
    diagnostics.error(node->pos, "a list of states is expected here", "write - {state: Charging}");
    return out;
  }
  for (const auto& item : node->items) {
    if (item.is_scalar()) {
      out.push_back({item.text, {}, item.pos});
      continue;
    }
    MapReader in(item, "state", diagnostics);
    StateUse use{in.need_text("state"), {}, item.pos};
    use.when = in.expression("when");
    if (const YamlNode* with = in.get("with")) use.arguments = Template::parse(*with, diagnostics);
    in.finish();
    out.push_back(std::move(use));
  }
  return out;
}

Steps load_steps_at(MapReader& in, const char* key, bool required, Diagnostics& diagnostics) {
  const YamlNode* node = required ? in.need(key) : in.get(key);
  if (!node) return {};
  Steps steps = load_steps(*node, diagnostics);
  label_steps(steps);
  return steps;
}

// {from: 1, to: 2, raises: yes}
SecurityRange load_security_range(const YamlNode& node, Diagnostics& diagnostics) {
  SecurityRange range;
  MapReader in(node, "'security'", diagnostics);
  const std::pair<const char*, int*> ends[] = {{"from", &range.from}, {"to", &range.to}};
  for (const auto& [name, end] : ends) {
    const YamlNode* given = in.get(name);
    if (!given) continue;
    const base::Value value = given->to_value();
    if (value.is_int() && value.as_int() >= 0 && value.as_int() <= 3)
      *end = static_cast<int>(value.as_int());
    else
      diagnostics.error(given->pos,
                        "'" + std::string(name) + "' must be a security profile, from 0 to 3");
  }
  range.raises = in.flag("raises");
  in.finish();
  if (range.from > range.to)
    diagnostics.error(node.pos, "no security profile lies between " + std::to_string(range.from) +
                                    " and " + std::to_string(range.to));
  return range;
}

}  // namespace

bool is_state_file(const YamlNode& root) {
  return root.is_map() && root.find("kind");
}

State load_state(const YamlNode& root, Diagnostics& diagnostics) {
  State state;
  state.file = root.pos.file;
  state.pos = root.pos;
  MapReader in(root, "state", diagnostics);
  state.name = in.need_text("name");
  state.kind = in.need_text("kind");
  const std::vector<std::string> kinds{"reusable", "memory", "cleanup", "recovery"};
  if (std::find(kinds.begin(), kinds.end(), state.kind) == kinds.end())
    diagnostics.error(root.pos, "'" + state.kind + "' is no kind of state",
                      base::did_you_mean(state.kind, kinds));
  state.purpose = in.need_text("purpose");
  state.note = in.text("note");
  const YamlNode* params = in.get("params");
  if (params && !params->is_map() && !params->is_null())
    diagnostics.error(params->pos, "'params' must be a map of names and defaults");
  if (params)
    for (const auto& entry : params->entries)
      state.params.emplace_back(entry.key, Template::parse(entry.value, diagnostics));
  if (const YamlNode* configuration = in.get("configuration"))
    state.configuration = load_configuration(*configuration, diagnostics);
  state.before = load_uses(in.get("before"), diagnostics);
  state.holds = in.expression("holds");
  state.steps = load_steps_at(in, "steps", true, diagnostics);
  state.leave = load_steps_at(in, "leave", false, diagnostics);
  in.finish();
  const std::string stem = std::filesystem::path(state.file).stem().string();
  if (!state.name.empty() && stem != state.name)
    diagnostics.error(root.pos, "the state is named '" + state.name + "', its file '" + stem + "'",
                      "give both the same name");
  return state;
}

TestCase load_case(const YamlNode& root, Diagnostics& diagnostics) {
  TestCase c;
  c.file = root.pos.file;
  c.pos = root.pos;
  MapReader in(root, "test case", diagnostics);
  c.id = in.need_text("id");
  c.title = in.need_text("title");
  c.group = in.need_text("group");
  c.editions = load_editions(in, diagnostics);
  c.profile = load_profile(in, diagnostics);
  c.applies = load_applies(in, true, diagnostics);
  c.purpose = in.need_text("purpose");
  c.requirement = in.need_text("requirement");
  in.need("reference");
  c.reference = in.texts("reference");
  c.advice = in.text("advice");
  c.note = in.text("note");
  if (const YamlNode* before = in.get("before"); before && !before->is_null()) {
    MapReader prepared(*before, "'before'", diagnostics);
    if (const YamlNode* configuration = prepared.get("configuration"))
      c.configuration = load_configuration(*configuration, diagnostics);
    c.memory = load_uses(prepared.get("memory"), diagnostics);
    c.state = load_uses(prepared.get("state"), diagnostics);
    prepared.finish();
  }
  if (const YamlNode* security = in.get("security"))
    c.security = load_security_range(*security, diagnostics);
  c.scenario = load_steps_at(in, "scenario", true, diagnostics);
  in.finish();
  if (in.usable() && c.scenario.empty())
    diagnostics.error(root.pos, "the scenario is empty: such a case could not fail");
  const std::string stem = std::filesystem::path(c.file).stem().string();
  if (!c.id.empty() && stem != c.id)
    diagnostics.error(root.pos, "the test case is '" + c.id + "', its file '" + stem + "'",
                      "give both the same name");
  return c;
}

std::vector<ProgrammeEntry> load_programme(const YamlNode& root, Diagnostics& diagnostics) {
  std::vector<ProgrammeEntry> out;
  const YamlNode* list = &root;
  if (root.is_map()) list = root.find("cases");
  if (!list || !list->is_list()) {
    diagnostics.error(root.pos, "the programme must be a list of test cases");
    return out;
  }
  for (const auto& item : list->items) {
    MapReader in(item, "programme entry", diagnostics);
    ProgrammeEntry entry;
    entry.pos = item.pos;
    entry.id = in.need_text("id");
    entry.title = in.need_text("title");
    entry.group = in.need_text("group");
    entry.editions = load_editions(in, diagnostics);
    entry.profile = load_profile(in, diagnostics);
    entry.applies = load_applies(in, true, diagnostics);
    for (const char* fact : {"confidence", "note", "needs_to_run"}) in.get(fact);
    const YamlNode* status = in.get("status");
    entry.supplementary = status && status->is_scalar() && status->text == "supplementary";
    in.finish();
    for (const auto& other : out)
      if (other.id == entry.id)
        diagnostics.error(item.pos, "'" + entry.id + "' occurs twice in the programme");
    out.push_back(std::move(entry));
  }
  return out;
}

}  // namespace plugproof::suite
