#include "simulator/log_uploads.hpp"

#include <algorithm>
#include <utility>

#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Micros;
using base::Value;

namespace {

using namespace std::chrono_literals;

// What section 6.25 leaves to the charge point when the request says nothing.
constexpr std::int64_t kOwnRetries = 2;
constexpr std::int64_t kOwnRetryInterval = 30;
constexpr std::int64_t kLongestWait = 30LL * 86400;
constexpr std::size_t kLongFile = 1 << 20;  // bytes

// diagnostics-20260101T000000Z.log
std::string file_name(const std::string& kind, Micros now) {
  std::string name = kind + "-";
  for (const char c : base::format_utc_millis(now).substr(0, 19))
    if (c != '-' && c != ':') name += c;
  return name + "Z.log";
}

// The time that a field says; the other one when it says none.
Micros time_or(const Value& request, const char* field, Micros otherwise) {
  return base::parse_utc(request.string_or(field, "")).value_or(otherwise);
}

}  // namespace

LogUploads::LogUploads(Station& station)
    : station_(station), transfer_(station.context), timer_(station.context.clock) {}

void LogUploads::stop() {
  transfer_.stop();
  timer_.stop();
}

Value LogUploads::status(bool of_get_log) const {
  const LogUpload& upload = station_.context.memory.log_upload;
  const bool running = upload.under_way && upload.request.has_value() == of_get_log;
  Value payload = Value::object({{"status", running ? "Uploading" : "Idle"}});
  if (running && of_get_log) payload.set("requestId", *upload.request);
  return payload;
}

std::string LogUploads::write_diagnostics(Micros from, Micros to) const {
  std::string lines;
  for (const auto& line : station_.context.memory.log)
    if (line.at >= from && line.at <= to)
      lines += base::format_utc_millis(line.at) + " " + line.text + "\n";
  if (lines.empty()) return {};
  const Capabilities& can = station_.context.capabilities;
  return can.vendor + " " + can.model + ", firmware " + station_.context.firmware_version() + "\n" +
         lines;
}

std::string LogUploads::write_security_log(Micros from, Micros to) const {
  std::string lines;
  for (const auto& event : station_.context.memory.security_events)
    if (event.at >= from && event.at <= to)
      lines += base::format_utc_millis(event.at) + " " + event.type +
               (event.info.empty() ? "" : ": " + event.info) + "\n";
  return lines;
}

void LogUploads::prepare(const Value& request, const std::string& location, const std::string& kind,
                         std::string content) {
  LogUpload& upload = station_.context.memory.log_upload;
  upload = LogUpload();
  upload.under_way = true;
  upload.content = std::move(content);
  upload.location = location;
  if (upload.location.empty() || upload.location.back() != '/') upload.location += '/';
  upload.name = file_name(kind, station_.context.now_utc());
  upload.retries = std::max<std::int64_t>(0, request.int_or("retries", kOwnRetries));
  upload.retry_interval =
      std::clamp<std::int64_t>(request.int_or("retryInterval", kOwnRetryInterval), 0, kLongestWait);
}

std::string LogUploads::diagnostics_requested(const Value& request) {
  Context& context = station_.context;
  if (context.memory.log_upload.under_way) {
    context.log("a log is being uploaded: not a second time");
    return {};
  }
  std::string content = write_diagnostics(time_or(request, "startTime", Micros{0}),
                                          time_or(request, "stopTime", context.now_utc()));
  if (content.empty()) return {};
  prepare(request, request.string_or("location", ""), "diagnostics", std::move(content));
  return context.memory.log_upload.name;
}

Value LogUploads::log_requested(const Value& request) {
  Context& context = station_.context;
  const bool another = context.memory.log_upload.under_way;
  if (another) {
    context.log("an upload is given up for another one");
    stop();
  }
  const bool security = request.string_or("logType", "") == "SecurityLog";
  const Value& log = *request.find("log");
  const Micros from = time_or(log, "oldestTimestamp", Micros{0});
  const Micros to = time_or(log, "latestTimestamp", context.now_utc());
  // A log without entries is a log: who asked for it learns that there were none.
  prepare(request, log.string_or("remoteLocation", ""), security ? "security" : "diagnostics",
          security ? write_security_log(from, to) : write_diagnostics(from, to));
  context.memory.log_upload.request = request.int_or("requestId", 0);
  const bool told = another && !context.defects.hit("cancel-upload-in-silence");
  return Value::object({{"status", told ? "AcceptedCanceled" : "Accepted"},
                        {"filename", context.memory.log_upload.name}});
}

void LogUploads::begin() {
  if (!station_.context.memory.log_upload.under_way) return;
  timer_.start(station_.context.variations.diagnostics_time, [this] { attempt(); });
}

void LogUploads::registered() {
  begin();
}

void LogUploads::attempt() {
  Context& context = station_.context;
  tell(context.memory.log_upload, "Uploading");
  if (context.defects.hit("no-upload")) {
    timer_.start(1s, [this] { uploaded({true, {}, {}}); });
    return;
  }
  send(context.defects.hit("empty-upload") ? "" : context.memory.log_upload.content);
}

void LogUploads::send(const std::string& content) {
  Context& context = station_.context;
  const LogUpload& upload = context.memory.log_upload;
  const std::string name =
      context.defects.hit("other-upload-name") ? "other-" + upload.name : upload.name;
  const bool broken = context.defects.hit("broken-upload");
  transfer_.upload(upload.location, name, broken ? std::string(kLongFile, '.') : content,
                   [this](const transfer::Fetched& result) { uploaded(result); });
  // The first bytes of a long file are under way when it is given up.
  if (broken)
    timer_.start(20ms, [this] {
      transfer_.stop();
      uploaded({true, {}, {}});
    });
}

void LogUploads::uploaded(const transfer::Fetched& result) {
  Context& context = station_.context;
  LogUpload& upload = context.memory.log_upload;
  if (result.ok) return finish("Uploaded");
  context.log("upload failed: " + result.reason);
  if (context.defects.hit("uploaded-despite-failure")) return finish("Uploaded");
  if (upload.retries <= 0) return finish("UploadFailed");
  --upload.retries;
  timer_.start(std::chrono::seconds(upload.retry_interval), [this] { attempt(); });
}

void LogUploads::finish(const std::string& status) {
  tell(std::exchange(station_.context.memory.log_upload, {}), status);
}

// The two messages tell the same in different words.
void LogUploads::tell(const LogUpload& upload, const std::string& status) {
  if (!upload.request) {
    station_.messenger.call("DiagnosticsStatusNotification", Value::object({{"status", status}}));
    return;
  }
  const std::string word = status == "UploadFailed" ? "UploadFailure" : status;
  station_.messenger.call("LogStatusNotification",
                          Value::object({{"status", word}, {"requestId", *upload.request}}));
}

}  // namespace plugproof::simulator
