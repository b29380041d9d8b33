// The loader behind Pics::load: one pass over the sections of the file, then the check that every
// row the generation asks for is answered, then the rules between rows.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/diagnostics.hpp"
#include "engine/base/yaml.hpp"
#include "pics/answer_reader.hpp"
#include "pics/pics.hpp"

namespace plugproof::pics {

// Where each answer stands: by id, configuration key, section or `performance.technology`.
using Positions = std::map<std::string, base::SourcePos, std::less<>>;

class Loader {
 public:
  Loader(std::string path, base::Diagnostics& diagnostics);

  std::optional<Pics> load();
  // What `load` has read, or a record of it. `sha256` of the file's bytes.
  std::optional<Pics> load(base::YamlNode root, std::string sha256);

 private:
  bool read_generation();
  void check_sections();

  // loader_sections.cpp
  void read_product();
  void read_laboratory();
  void read_claims();
  void read_connectors(const base::YamlNode& node);
  void read_performance();
  void read_records();

  void read_ids();
  void read_section_ids(const std::string& section);
  void read_answer(const std::string& id, const base::YamlNode& node);
  void read_measurands(const IdInfo& info, const base::YamlNode& node);
  // 2019 only.
  void read_hardware_2019();
  void read_configuration_2019();
  void derive_answers_2019();

  std::vector<std::string> required_ids() const;
  void check_required();
  void derive_configuration();

  const base::YamlNode* section(std::string_view name) const { return root_.find(name); }
  // Where a section begins, or the file when it is missing.
  base::SourcePos section_pos(std::string_view name) const;

  base::Diagnostics& diagnostics_;
  AnswerReader reader_;
  base::YamlNode root_;
  Pics pics_;
  Positions positions_;
};

// Contradictions between the answers of a file (rules.cpp). Rows without an answer are passed over.
void check_rules(const Pics& pics, const Positions& positions, base::Diagnostics& diagnostics);

// How a row of the 2019 configuration table is read (generation_2019.cpp).
enum class KeyType {
  boolean,
  integer,
  seconds,
  free_list,
  measurands,
  profiles,
  rate_units,
  protocols
};
struct KeyInfo {
  std::string key;
  KeyType type = KeyType::integer;
  bool required_by_core = false;  // OCPP 1.6 section 9.1: every charge point has it
};
const std::vector<KeyInfo>& key_table_2019();

// The configuration keys that the answers of 2024 and 2025 state (configuration_keys.cpp).
std::map<std::string, std::string, std::less<>> stated_configuration(const Pics& pics);

// In which section of the file an id is answered: hardware, features, questions or settings.
std::string section_of(std::string_view id);

}  // namespace plugproof::pics
