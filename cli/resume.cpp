#include "cli/resume.hpp"

#include <chrono>
#include <fstream>

#include "cli/identity.hpp"
#include "engine/base/json.hpp"
#include "engine/base/sha256.hpp"

namespace plugproof::cli {

namespace fs = std::filesystem;
using base::Value;

namespace {

// How far the wall clock may lie behind the last record: synchronised clocks are set by less.
constexpr base::Micros kSetBack = std::chrono::seconds(10);

const Value& part_of(const Value& record, const char* name) {
  static const Value none{Value::Object{}};
  const Value* part = record.find(name);
  return part ? *part : none;
}

class Checker {
 public:
  Checker(const ResumeRequest& request, const InterruptedRun& interrupted)
      : request_(request), record_(interrupted.resumption->run), journal_(interrupted.journal) {}

  // Each ends the program where something differs.
  std::string pics_path() const { return same_file("PICS", "--pics", request_.pics, "pics"); }
  std::string pixit_path() const {
    const std::string recorded = part_of(record_, "pixit").string_or("path", "");
    if (recorded.empty() && !request_.pixit.empty())
      refuse("--pixit: the run was begun without a PIXIT file, so it cannot go on with " +
             request_.pixit + "; leave it out");
    const std::string path = request_.pixit.empty() ? recorded : request_.pixit;
    if (!path.empty()) must_exist("PIXIT", "--pixit", path);
    return path;
  }
  void same_pixit(const run::Pixit& pixit) const;
  void same_suite(const suite::Suite& suite) const {
    const std::string recorded = part_of(record_, "suite").string_or("sha256", "");
    if (suite.sha256() != recorded)
      refuse("the suite is not that of the run: its SHA-256 is " + suite.sha256() +
             ", recorded is " + recorded +
             "; restore the test cases or name their folder with --suite, or begin a new run");
  }
  void same_options() const;
  void clock_runs_on(const run::Resumption& resumption) const;

 private:
  [[noreturn]] void refuse(const std::string& what) const {
    throw ExitWith(kUsage, "cannot resume: " + what + " (" + journal_ + ":1)");
  }
  void must_exist(const std::string& what, const std::string& option,
                  const std::string& path) const {
    std::error_code error;
    if (!fs::is_regular_file(path, error))
      refuse("the " + what + " file " + path +
             " is not there; resume from the folder in which the run was begun, or name it with " +
             option);
  }
  static std::string digest_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return base::sha256_hex(file);
  }
  std::string same_file(const std::string& what, const std::string& option,
                        const std::string& named, const char* member) const {
    const Value& recorded = part_of(record_, member);
    const std::string path = named.empty() ? recorded.string_or("path", "") : named;
    must_exist(what, option, path);
    const std::string digest = digest_of(path), wanted = recorded.string_or("sha256", "");
    if (digest != wanted)
      refuse("the " + what + " file " + path + " is not that of the run: its SHA-256 is " + digest +
             ", recorded is " + wanted + "; restore it, or begin a new run");
    return path;
  }
  void same(const std::string& option, const std::string& given,
            const std::string& recorded) const {
    if (!given.empty() && given != recorded)
      refuse(option + ": '" + given + "', but the run was begun with '" + recorded +
             "'; leave it out");
  }

  const ResumeRequest& request_;
  const Value& record_;
  const std::string& journal_;
};

// What stands in the record in place of a secret cannot be compared; the file's digest can.
bool comparable(const Value& recorded) {
  return !recorded.is_string() || recorded.as_string().find("hmac:") == std::string::npos;
}

void Checker::same_pixit(const run::Pixit& pixit) const {
  const Value& recorded = part_of(part_of(record_, "pixit"), "document");
  // As the journal writes and reads it.
  const auto now = base::read_json(base::write_json(pixit.document()));
  const std::string name =
      pixit.path.empty() ? std::string("the PIXIT") : "the PIXIT file " + pixit.path;
  for (const auto& [key, value] : now.value->as_object()) {
    const Value* before = recorded.find(key);
    if (before && (!comparable(*before) || *before == value)) continue;
    refuse(name + " is not that of the run: '" + key + "' is " + value.to_display() +
           ", recorded is " + (before ? before->to_display() : "nothing") +
           "; restore it, or begin a new run");
  }
  const std::string wanted = part_of(record_, "pixit").string_or("sha256", "");
  if (pixit.sha256 != wanted)
    refuse(name + " is not that of the run: no value differs, but its SHA-256 is " + pixit.sha256 +
           ", recorded is " + wanted +
           " (rig or files were changed); restore it, or begin a new run");
}

void Checker::same_options() const {
  const Value& pixit = part_of(part_of(record_, "pixit"), "document");
  same("--edition", request_.edition, record_.string_or("edition", ""));
  same("--port", request_.port ? std::to_string(*request_.port) : "",
       std::to_string(pixit.int_or("port", 0)));
  same("--address", request_.address, pixit.string_or("address", ""));
  same("--identity", request_.identity, pixit.string_or("identity", ""));
  if (request_.firmware_image.empty()) return;
  same("--firmware-image, by its SHA-256",
       describe_image(request_.firmware_image).string_or("sha256", ""),
       part_of(record_, "firmware_image").string_or("sha256", ""));
}

void Checker::clock_runs_on(const run::Resumption& resumption) const {
  if (record_.string_or("clock", "") != "real") return;
  const base::Micros last =
      resumption.start + std::chrono::duration_cast<base::Micros>(resumption.last);
  const auto now =
      std::chrono::duration_cast<base::Micros>(std::chrono::system_clock::now().time_since_epoch());
  if (now + kSetBack < last)
    refuse("the clock of this machine says " + base::format_utc_millis(now) +
           ", but the last record is of " + base::format_utc_millis(last) +
           "; set the clock right, then resume");
}

fs::path folder_of(const ResumeRequest& request) {
  std::error_code error;
  const fs::path elsewhere = fs::path(request.out) / request.run;
  if (!fs::exists(request.run, error) && !request.out.empty() && fs::exists(elsewhere, error))
    return elsewhere;
  return request.run;
}

}  // namespace

ResumedRun open_resumed_run(const ResumeRequest& request) {
  const fs::path named = folder_of(request);
  InterruptedRun interrupted;
  try {
    interrupted = open_interrupted_run(named.string());
  } catch (const run::JournalError& e) {
    throw ExitWith(kUsage, std::string("cannot resume: ") + e.what());
  } catch (const base::InputError& e) {
    throw ExitWith(kUsage, std::string("cannot resume: ") + e.what());
  }
  const run::Resumption& resumption = *interrupted.resumption;
  const Checker check(request, interrupted);
  check.same_options();
  check.clock_runs_on(resumption);
  pics::Pics pics = load_pics(check.pics_path());
  run::Pixit pixit = load_pixit(check.pixit_path(), pics);
  // What the command line laid over the file when the run was begun.
  const Value& recorded = part_of(part_of(resumption.run, "pixit"), "document");
  pixit.identity = recorded.string_or("identity", pixit.identity);
  pixit.address = recorded.string_or("address", pixit.address);
  pixit.port = static_cast<std::uint16_t>(recorded.int_or("port", pixit.port));
  check.same_pixit(pixit);
  suite::Suite suite =
      load_suite(request.suite.empty() ? part_of(resumption.run, "suite").string_or("path", "")
                                       : request.suite);
  check.same_suite(suite);
  fs::path folder = fs::path(interrupted.journal).parent_path();
  return {std::move(interrupted), std::move(folder), std::move(pics), std::move(pixit),
          std::move(suite)};
}

std::string resume_command(const fs::path& folder) {
  const std::string text = folder.string();
  const bool plain = text.find_first_not_of(
                         "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                         "/._-+@=,:") == std::string::npos;
  if (plain) return "plugproof run --resume " + text;
  std::string quoted;
  for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return "plugproof run --resume '" + quoted + "'";
}

}  // namespace plugproof::cli
