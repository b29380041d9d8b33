#include "reports/pics_view.hpp"

#include <algorithm>

#include "pics/pics.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

using base::Value;

std::vector<std::string> items_of(const Value* list) {
  std::vector<std::string> out;
  if (list && list->is_list())
    for (const auto& item : list->as_list()) out.push_back(plain(item));
  return out;
}

std::string printed(const Value* value, std::string_view separator) {
  if (!value || value->is_null()) return {};
  return value->is_list() ? join(items_of(value), separator) : plain(*value);
}

// Certificates write yes and no in many ways (False, <Yes>); a PICS file may copy them, and then
// they are printed so. The plain words of YAML are those of the form.
std::string printed_boolean(const Value* value, const char* yes, const char* no) {
  if (!value || value->is_null()) return {};
  if (value->is_bool()) return value->as_bool() ? yes : no;
  const std::string word = plain(*value);
  if (word == "yes") return yes;
  if (word == "no") return no;
  return word;
}

}  // namespace

const Value* PicsView::find(std::string_view section, std::string_view key) const {
  const Value* node = document_.find(section);
  return node ? node->find(key) : nullptr;
}

std::string PicsView::text(std::string_view section, std::string_view key) const {
  return printed(find(section, key), ", ");
}

std::string PicsView::approval(std::string_view block, std::string_view key) const {
  const Value* node = find("approval", block);
  return node ? printed(node->find(key), ", ") : std::string();
}

std::string PicsView::answer(std::string_view id) const {
  const Value* value = nullptr;
  for (const char* section : {"hardware", "features", "questions", "settings"})
    if (!value) value = find(section, id);
  const pics::IdInfo* info = pics::find_id(id);
  if (info && info->type == pics::IdType::boolean) return printed_boolean(value, "Yes", "No");
  return printed(value, id == "HFS-9" ? ", " : " ");
}

std::vector<std::string> PicsView::measurands(std::string_view id) const {
  const Value* value = find("features", id);
  const Value* supported = value ? value->find("supported") : nullptr;
  return items_of(supported ? supported : value);
}

std::string PicsView::configuration(std::string_view key) const {
  const Value* value = find("configuration", key);
  return value && value->is_bool() ? printed_boolean(value, "TRUE", "FALSE") : printed(value, " ");
}

std::string PicsView::hardware_boolean(std::string_view key) const {
  return printed_boolean(find("hardware", key), "Yes", "No");
}

std::string PicsView::limit(std::string_view key) const {
  return printed_boolean(find("limits", key), "Yes", "No");
}

bool PicsView::claims(std::string_view profile) const {
  if (profile == "Core") return true;
  const auto lists = [&](std::string_view section) {
    const auto names = items_of(document_.find(section));
    return std::find(names.begin(), names.end(), profile) != names.end();
  };
  return profile == "Security" ? lists("extensions") || lists("certificates") : lists("profiles");
}

std::vector<std::vector<std::string>> PicsView::connectors() const {
  std::vector<std::vector<std::string>> rows;
  const Value* table = find("hardware", "connectors");
  if (!table || !table->is_list()) return rows;
  for (const auto& connector : table->as_list()) {
    std::vector<std::string> row;
    for (const char* key : {"id", "current", "phases", "type", "cable"})
      row.push_back(plain_member(connector, key));
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::vector<std::string>> PicsView::other_configuration() const {
  std::vector<std::vector<std::string>> rows;
  const Value* map = document_.find("non_ocpp_configuration");
  if (map && map->is_object())
    for (const auto& [key, value] : map->as_object()) rows.push_back({key, printed(&value, " ")});
  return rows;
}

}  // namespace plugproof::reports
