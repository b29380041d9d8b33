// The verdict of each certification profile, as the programme judges it: a Pass needs every
// applicable case.
#include "reports/pics_view.hpp"
#include "reports/results.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

std::string title_of(const std::string& profile) {
  if (profile == "FirmwareManagement") return "Firmware Management";
  if (profile == "LocalAuthListManagement") return "Local Authorization List Management";
  if (profile == "SmartCharging") return "Smart Charging";
  if (profile == "RemoteTrigger") return "Remote Trigger";
  if (profile == "AdvancedSecurity") return "Advanced Security";
  if (profile == "Security") return "Security extension";
  return profile;
}

// The order in which the abstract prints the profiles.
std::vector<std::string> printed_profiles(const std::string& generation) {
  if (generation == "2019") {
    return {"Core",        "FirmwareManagement",      "SmartCharging",
            "Reservation", "LocalAuthListManagement", "RemoteTrigger"};
  }
  if (generation == "2024") {
    return {"Core",          "FirmwareManagement", "LocalAuthListManagement",
            "SmartCharging", "RemoteTrigger",      "Reservation"};
  }
  return {"Core", "AdvancedSecurity", "SmartCharging"};
}

bool belongs(const CaseResult& result, const std::string& profile) {
  return result.profile == profile ||
         (profile == "Security" && result.profile == "SecurityExtension");
}

void count(const CaseResult& result, ProfileResult& profile) {
  if (!result.applies()) return;
  ++profile.applicable;
  switch (result.verdict) {
    case Verdict::pass:
      ++profile.passed;
      break;
    case Verdict::fail:
      ++profile.failed;
      break;
    case Verdict::inconc:
      ++profile.inconclusive;
      break;
    case Verdict::error:
      ++profile.errors;
      break;
    case Verdict::not_applicable:
    case Verdict::not_run:
      ++(result.decision == "not_built" ? profile.not_built : profile.not_run);
      break;
  }
}

// "2 of 47 applicable cases failed, 12 not built".
std::string shortfall(const ProfileResult& p) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t number, const char* what) {
    if (number == 0) return;
    parts.push_back(std::to_string(number) +
                    (parts.empty() ? " of " + counted(p.applicable, "applicable case") : "") + " " +
                    what);
  };
  add(p.failed, "failed");
  add(p.inconclusive, "inconclusive");
  add(p.errors, "stopped by an error of the harness");
  add(p.not_built, "not built");
  add(p.not_run, "not run");
  return join(parts, ", ");
}

void judge(ProfileResult& p, const std::string& generation) {
  if (!p.claimed) {
    p.verdict = ProfileVerdict::not_claimed;
    p.printed = generation == "2019" ? "N/A" : "Not Tested";
  } else if (p.failed > 0) {
    p.verdict = ProfileVerdict::fail;
    p.printed = "Fail: " + shortfall(p);
  } else if (p.inconclusive + p.errors > 0) {
    p.verdict = ProfileVerdict::inconclusive;
    p.printed = "Inconclusive: " + shortfall(p);
  } else if (p.not_built + p.not_run > 0) {
    p.verdict = ProfileVerdict::incomplete;
    p.printed = "Incomplete: " + shortfall(p);
  } else if (p.passed == 0) {
    p.verdict = ProfileVerdict::not_tested;
    p.printed = "Not Tested: no case of the profile was selected";
  } else {
    p.verdict = ProfileVerdict::pass;
    p.printed = "Pass";
  }
}

}  // namespace

std::vector<ProfileResult> judge_profiles(const Results& results) {
  const std::string& generation = results.run.generation;
  std::vector<std::string> names = printed_profiles(generation);
  const PicsView pics(results.run.pics);
  if (generation != "2025" && pics.claims("Security")) names.emplace_back("Security");

  std::vector<ProfileResult> out;
  for (const auto& name : names) {
    ProfileResult profile;
    profile.name = name;
    profile.title = title_of(name);
    profile.claimed = pics.claims(name);
    for (const auto& result : results.cases)
      if (belongs(result, name)) count(result, profile);
    judge(profile, generation);
    out.push_back(std::move(profile));
  }
  return out;
}

std::string profile_description(std::string_view profile, std::string_view generation) {
  if (profile == "Core") {
    return generation == "2025"
               ? "Boot, authorization, transactions, configuration, remote control, "
                 "secure firmware update, security profile 2"
               : "Boot, authorization, transactions, configuration, remote control";
  }
  if (profile == "FirmwareManagement") return "Firmware update and upload of diagnostics";
  if (profile == "LocalAuthListManagement") return "A list of idTags kept in the charge point";
  if (profile == "SmartCharging")
    return "Limits and schedules for charging, set from the Central System";
  if (profile == "RemoteTrigger") return "Messages sent at the Central System's request";
  if (profile == "Reservation") return "Keeping a connector free for one idTag";
  if (profile == "AdvancedSecurity") return "TLS with a client certificate (security profile 3)";
  if (profile == "Security") return "The security whitepaper for OCPP 1.6-J";
  return {};
}

}  // namespace plugproof::reports
