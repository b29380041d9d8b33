#include "pics/pics.hpp"

#include "pics/answer_reader.hpp"
#include "pics/loader.hpp"

namespace plugproof::pics {

namespace {

using base::Value;

bool is_yes(const std::optional<Value>& answer) {
  return answer && answer->is_bool() && answer->as_bool();
}

std::optional<Value> supports(const Pics& pics, std::string_view feature) {
  const bool is_2025 = pics.generation() == Generation::g2025;
  const auto yes = [&](std::string_view id) { return is_yes(pics.lookup(id)); };
  const bool security = pics.claims("Security");
  if (feature == "FirmwareManagement") return is_2025 || pics.claims(feature);
  if (feature == "LocalAuthListManagement") return is_2025 ? yes("LA-0") : pics.claims(feature);
  if (feature == "Reservation") return is_2025 ? yes("R-0") : pics.claims(feature);
  if (feature == "RemoteTrigger") return is_2025 ? yes("RT-0") : pics.claims(feature);
  if (feature == "SmartCharging") return pics.claims(feature);
  if (feature == "SecurityProfile1") return is_2025 ? yes("C-11") : security && yes("SEC-1");
  if (feature == "SecurityProfile2") return is_2025 || (security && yes("SEC-2"));
  if (feature == "SecurityProfile3")
    return is_2025 ? pics.claims("AdvancedSecurity") : security && yes("SEC-3");
  if (feature == "SecureFirmware") {
    // Part of Core in 2025 and a feature of its own in 2024; 2019 leaves it to the security
    // certificate.
    if (is_2025) return true;
    if (!pics.claims("FirmwareManagement")) return false;
    return pics.generation() == Generation::g2024 ? yes("F-1") : security;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Pics> Pics::load(const std::string& path, base::Diagnostics& diagnostics) {
  return Loader(path, diagnostics).load();
}

std::optional<Pics> Pics::from_document(const Value& document, const std::string& path,
                                        const std::string& sha256, base::Diagnostics& diagnostics) {
  return Loader(path, diagnostics).load(base::yaml_of(document, {path, 0, 0}), sha256);
}

bool Pics::claims(std::string_view profile) const {
  if (profile == "Security") return security_;
  return contains(profiles_, profile);
}

std::optional<Value> Pics::lookup(std::string_view id) const {
  constexpr std::string_view kProfile = "profile.";
  constexpr std::string_view kSupports = "supports.";
  if (id.starts_with(kProfile)) {
    const std::string_view name = id.substr(kProfile.size());
    if (contains(profile_names(generation_), name)) return claims(name);
    // The test plans treat the security claims of 2019 and 2024 as profiles of these names.
    if (generation_ == Generation::g2019 && name == "Security") return security_;
    if (generation_ == Generation::g2024 && name == "SecurityExtension") return security_;
    return std::nullopt;
  }
  if (id.starts_with(kSupports)) return supports(*this, id.substr(kSupports.size()));
  if (id == "extension.Security" && generation_ == Generation::g2024) return security_;
  if (id == "certificate.Security" && generation_ == Generation::g2019) return security_;
  const auto found = answers_.find(id);
  if (found == answers_.end()) return std::nullopt;
  return found->second;
}

std::string Pics::printed(std::string_view id) const {
  if (const auto found = printed_.find(id); found != printed_.end()) return found->second;
  const auto answer = lookup(id);
  if (!answer) return {};
  if (answer->is_bool()) return answer->as_bool() ? "Yes" : "No";
  if (answer->is_int()) return std::to_string(answer->as_int());
  if (answer->is_string()) return answer->as_string();
  std::vector<std::string> names;
  for (const auto& item : answer->as_list()) names.push_back(item.as_string());
  return join(names, id == "HFS-9" ? ", " : " ");
}

std::optional<std::string> Pics::configuration(std::string_view key) const {
  const auto found = configuration_.find(key);
  if (found == configuration_.end()) return std::nullopt;
  return found->second;
}

}  // namespace plugproof::pics
