#include "pics/loader.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <utility>

#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::pics {

namespace {

using base::YamlNode;

const std::vector<Generation> kGenerations = {Generation::g2019, Generation::g2024,
                                              Generation::g2025};
const std::vector<std::string> kIdSections = {"hardware", "features", "questions", "settings"};

std::vector<std::string> section_names(Generation generation) {
  std::vector<std::string> names = {"generation", "form",       "product",   "laboratory",
                                    "profiles",   "hardware",   "questions", "performance",
                                    "approval",   "certificate"};
  std::vector<std::string> more;
  if (generation == Generation::g2019)
    more = {"certificates", "configuration", "non_ocpp_configuration", "limits"};
  else
    more = {"features", "settings"};
  if (generation == Generation::g2024) more.push_back("extensions");
  names.insert(names.end(), more.begin(), more.end());
  return names;
}

bool occurs_in(const IdInfo& info, Generation generation) {
  return std::find(info.generations.begin(), info.generations.end(), generation) !=
         info.generations.end();
}

// A number whose digits would not come back as they stand there (version 1.10) remains a text.
base::Value as_written(const YamlNode& node) {
  base::Value value = node.to_value();
  if (node.is_scalar() && value.is_number() && base::write_json(value) != node.text)
    return base::Value(node.text);
  if (node.is_list())
    for (std::size_t i = 0; i < node.items.size(); ++i)
      value.as_list()[i] = as_written(node.items[i]);
  if (node.is_map())
    for (std::size_t i = 0; i < node.entries.size(); ++i)
      value.as_object()[i].second = as_written(node.entries[i].value);
  return value;
}

std::string described(const IdInfo& info) {
  return info.id + " (" + info.name + ")";
}

}  // namespace

std::string section_of(std::string_view id) {
  if (id.starts_with("HFS-")) return "hardware";
  if (id.starts_with("AQ-")) return "questions";
  if (id.starts_with("ORS-")) return "settings";
  return "features";
}

Loader::Loader(std::string path, base::Diagnostics& diagnostics)
    : diagnostics_(diagnostics), reader_(diagnostics) {
  pics_.path_ = std::move(path);
}

std::optional<Pics> Loader::load() {
  auto root = base::read_yaml_file(pics_.path_, diagnostics_);
  if (!root) return std::nullopt;
  std::ifstream in(pics_.path_, std::ios::binary);
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return load(std::move(*root), base::sha256_hex(bytes.str()));
}

std::optional<Pics> Loader::load(YamlNode root, std::string sha256) {
  const std::size_t errors_before = diagnostics_.error_count();
  pics_.sha256_ = std::move(sha256);
  root_ = std::move(root);
  if (!reader_.is_map("a PICS file", root_) || !read_generation()) return std::nullopt;
  check_sections();
  read_product();
  read_laboratory();
  read_claims();
  if (pics_.generation_ == Generation::g2019) {
    read_hardware_2019();
    read_configuration_2019();
    read_section_ids("questions");
    derive_answers_2019();
  } else {
    read_ids();
  }
  read_performance();
  read_records();
  check_required();
  // A rule over rows that could not be read would only repeat what was said about them.
  if (diagnostics_.error_count() == errors_before) {
    derive_configuration();
    check_rules(pics_, positions_, diagnostics_);
  }
  if (diagnostics_.error_count() > errors_before) return std::nullopt;
  pics_.document_ = as_written(root_);
  return std::move(pics_);
}

base::SourcePos Loader::section_pos(std::string_view name) const {
  for (const auto& entry : root_.entries)
    if (entry.key == name) return entry.key_pos;
  return {pics_.path_, 0, 0};
}

bool Loader::read_generation() {
  const YamlNode* node = section("generation");
  if (!node) {
    diagnostics_.error({pics_.path_, 0, 0},
                       "the file does not say to which generation of the programme it belongs",
                       "add generation: '2019', '2024' or '2025'");
    return false;
  }
  for (const Generation generation : kGenerations) {
    if (node->is_scalar() && node->text == to_string(generation)) {
      pics_.generation_ = generation;
      return true;
    }
  }
  diagnostics_.error(node->pos, "there is no such generation of the programme",
                     "write '2019', '2024' or '2025'");
  return false;
}

void Loader::check_sections() {
  const auto names = section_names(pics_.generation_);
  for (const auto& entry : root_.entries) {
    if (contains(names, entry.key)) continue;
    const bool elsewhere =
        std::any_of(kGenerations.begin(), kGenerations.end(),
                    [&](Generation other) { return contains(section_names(other), entry.key); });
    const std::string hint = base::did_you_mean(entry.key, names);
    if (elsewhere)
      diagnostics_.error(entry.key_pos,
                         "a file of generation " + std::string(to_string(pics_.generation_)) +
                             " has no '" + entry.key + "'",
                         "remove it, or correct the generation");
    else
      diagnostics_.error(entry.key_pos, "unknown key '" + entry.key + "'",
                         hint.empty() ? "known are " + join(names, ", ") : hint);
  }
}

void Loader::read_ids() {
  for (const auto& name : kIdSections) read_section_ids(name);
  if (const YamlNode* hardware = section("hardware"); hardware && hardware->is_map()) {
    if (const YamlNode* connectors = hardware->find("connectors")) {
      read_connectors(*connectors);
    } else {
      diagnostics_.error(section_pos("hardware"), "the connector table is missing",
                         "add 'connectors' with a row for each connector");
    }
  }
}

void Loader::read_section_ids(const std::string& name) {
  const YamlNode* node = section(name);
  if (!node || !reader_.is_map("'" + name + "'", *node)) return;
  for (const auto& entry : node->entries) {
    if (name == "hardware" && entry.key == "connectors") continue;
    const IdInfo* info = find_id(entry.key);
    if (!info) {
      std::vector<std::string> known;
      for (const auto& row : all_ids()) known.push_back(row.id);
      diagnostics_.error(entry.key_pos, "there is no '" + entry.key + "' in a PICS",
                         base::did_you_mean(entry.key, known));
      continue;
    }
    if (!occurs_in(*info, pics_.generation_)) {
      diagnostics_.warning(entry.key_pos,
                           described(*info) + " does not belong to generation " +
                               to_string(pics_.generation_) + "; the answer is not used",
                           "remove the row, or correct the generation");
      continue;
    }
    // 2019 has no section of features: its SEC ids are questions beside the abstract.
    const std::string place =
        pics_.generation_ == Generation::g2019 ? "questions" : section_of(entry.key);
    if (place != name) {
      diagnostics_.error(entry.key_pos, entry.key + " does not belong under '" + name + "'",
                         "move it under '" + place + "'");
      continue;
    }
    positions_[entry.key] = entry.value.pos;
    read_answer(entry.key, entry.value);
  }
}

void Loader::read_answer(const std::string& id, const YamlNode& node) {
  const IdInfo& info = *find_id(id);
  if (is_not_given(node)) {
    pics_.printed_[id] = node.text;
    return;
  }
  const KnownNames known{&info.values, info.open, info.type == IdType::measurands};
  std::optional<base::Value> value;
  switch (info.type) {
    case IdType::boolean:
      if (const auto answer = reader_.boolean(id, node)) value = *answer;
      break;
    case IdType::integer:
      if (const auto number = reader_.integer(id, node)) value = *number;
      break;
    case IdType::seconds:
      if (const auto number = reader_.seconds(id, node)) value = *number;
      break;
    case IdType::text:
      if (auto text = reader_.text(id, node)) value = std::move(*text);
      break;
    case IdType::enumeration:
      if (auto name = reader_.name(id, node, known)) value = std::move(*name);
      break;
    case IdType::list:
      if (const auto names = reader_.names(id, node, known))
        value = base::Value(base::Value::List(names->begin(), names->end()));
      break;
    case IdType::measurands:
      read_measurands(info, node);
      return;
    case IdType::group:
      diagnostics_.error(node.pos, described(info) + " is a heading and has no answer of its own",
                         "answer the rows below it and leave this one empty");
      return;
  }
  if (value) pics_.answers_[id] = std::move(*value);
}

void Loader::read_measurands(const IdInfo& info, const YamlNode& node) {
  const KnownNames known{&info.values, info.open, true};
  const YamlNode* supported = &node;
  const YamlNode* tested = nullptr;
  if (node.is_map()) {
    reader_.keys(info.id, node, {"supported", "tested"});
    supported = node.find("supported");
    tested = node.find("tested");
    if (!supported) {
      diagnostics_.error(node.pos, info.id + " does not say which measurands are supported",
                         "add 'supported' with a list");
      return;
    }
  }
  const auto claimed = reader_.names(info.id, *supported, known);
  if (!claimed) return;
  const bool sampled = info.id == "C-09.1";
  (sampled ? pics_.sampled_ : pics_.aligned_) = *claimed;
  pics_.answers_[info.id] = base::Value(base::Value::List(claimed->begin(), claimed->end()));
  if (!tested || is_not_given(*tested)) return;
  if (auto names = reader_.names(info.id, *tested, known))
    (sampled ? pics_.tested_sampled_ : pics_.tested_aligned_) = std::move(*names);
}

std::vector<std::string> Loader::required_ids() const {
  std::vector<std::string> required;
  if (pics_.generation_ == Generation::g2019) {
    if (pics_.security_) required = {"SEC-1", "SEC-2", "SEC-3"};
    return required;
  }
  const auto says_no = [&](std::string_view id) {
    const auto answer = pics_.lookup(id);
    return answer && answer->is_bool() && !answer->as_bool();
  };
  for (const auto& table : printed_tables(pics_.generation_)) {
    if (!table.profile.empty() && !pics_.claims(table.profile)) continue;
    for (const auto& id : table.ids) {
      if (find_id(id)->type == IdType::group) continue;
      // 2025 prints these rows for everybody, but they mean something only with the feature.
      if (id == "R-1" && says_no("R-0")) continue;
      if ((id == "ORS-12" || id == "ORS-13") && says_no("LA-0")) continue;
      required.push_back(id);
    }
  }
  return required;
}

void Loader::check_required() {
  std::map<std::string, std::vector<std::string>> without_section;
  for (const auto& id : required_ids()) {
    // An answer that could not be read has its error already.
    if (pics_.answers_.contains(id) || (positions_.contains(id) && !pics_.printed_.contains(id)))
      continue;
    const std::string place = pics_.generation_ == Generation::g2019 ? "questions" : section_of(id);
    if (!section(place)) {
      without_section[place].push_back(id);
      continue;
    }
    const auto row = positions_.find(id);
    diagnostics_.error(row == positions_.end() ? section_pos(place) : row->second,
                       described(*find_id(id)) + " is not answered",
                       "answer it under '" + place + "'; a missing answer is not taken for a no");
  }
  for (const auto& [place, ids] : without_section)
    diagnostics_.error({pics_.path_, 0, 0}, "the section '" + place + "' is missing",
                       "it must answer " + join(ids, ", "));
}

void Loader::derive_configuration() {
  if (pics_.generation_ != Generation::g2019) pics_.configuration_ = stated_configuration(pics_);
}

}  // namespace plugproof::pics
