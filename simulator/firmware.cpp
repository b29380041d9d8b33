#include "simulator/firmware.hpp"

#include <algorithm>
#include <utility>

#include "simulator/firmware_image.hpp"
#include "simulator/station.hpp"

namespace plugproof::simulator {

using base::Value;
using Stage = FirmwareUpdate::Stage;

namespace {

using namespace std::chrono_literals;

// What section 6.55 leaves to the charge point when the request says nothing.
constexpr std::int64_t kOwnRetries = 2;
constexpr std::int64_t kOwnRetryInterval = 30;
constexpr std::int64_t kLongestWait = 30LL * 86400;
constexpr base::Nanos kLateNews = 1s;

}  // namespace

Firmware::Firmware(Station& station)
    : station_(station),
      transfer_(station.context),
      timer_(station.context.clock),
      say_(station.context.clock) {}

void Firmware::stop() {
  transfer_.stop();
  timer_.stop();
  say_.stop();
}

bool Firmware::holds() const {
  return station_.context.memory.update.holds;
}

std::string Firmware::status() const {
  const FirmwareUpdate& update = station_.context.memory.update;
  const bool idle = update.stage == Stage::none || update.stage == Stage::scheduled;
  return idle || update.signature ? "Idle" : update.status;
}

void Firmware::requested(const Value& request) {
  Context& context = station_.context;
  FirmwareUpdate& update = context.memory.update;
  if (update.stage != Stage::none && update.stage != Stage::scheduled) {
    context.log("a firmware update is under way: no other one");
    return;
  }
  prepare(request, request, "retrieveDate");
  schedule();
}

// `where`: what has the location and, under that name, the date from which on it can be fetched.
void Firmware::prepare(const Value& request, const Value& where, const char* date) {
  const Context& context = station_.context;
  FirmwareUpdate& update = context.memory.update;
  const bool held = update.holds;
  update = FirmwareUpdate();
  update.holds = held;
  update.stage = Stage::scheduled;
  update.location = where.string_or("location", "");
  update.retrieve = base::parse_utc(where.string_or(date, "")).value_or(context.now_utc());
  update.retries = std::max<std::int64_t>(0, request.int_or("retries", kOwnRetries));
  update.retry_interval =
      std::clamp<std::int64_t>(request.int_or("retryInterval", kOwnRetryInterval), 0, kLongestWait);
}

void Firmware::schedule() {
  const Context& context = station_.context;
  const FirmwareUpdate& update = context.memory.update;
  const base::Nanos wait = update.retrieve - context.now_utc();
  if (wait > context.variations.reaction || context.variations.tells_download_scheduled)
    tell_scheduled("DownloadScheduled");
  timer_.start(std::clamp<base::Nanos>(wait, context.variations.reaction, kLongestWait * 1s),
               [this] { begin_download(); });
}

void Firmware::begin_download() {
  Context& context = station_.context;
  waiting_ = !context.capabilities.download_while_charging && station_.in_use(0);
  if (waiting_) return tell_scheduled("DownloadScheduled");  // transaction_ended() goes on
  context.memory.update.stage = Stage::downloading;
  if (context.variations.out_of_use == Variations::OutOfUse::before_download) hold(true);
  attempt();
}

void Firmware::attempt() {
  Context& context = station_.context;
  context.log("downloading firmware");
  context.memory.update.status = "Downloading";
  if (context.variations.downloading_told_late) {
    say_.start(kLateNews, [this] { tell("Downloading"); });
  } else {
    tell("Downloading");
    if (context.variations.downloading_repeated) tell("Downloading");
  }
  if (context.defects.hit("fake-download")) {
    const std::string invented =
        make_firmware_image(context.firmware_version() + "-invented", 1000);
    timer_.start(kLateNews, [this, invented] { downloaded({true, invented, {}}); });
    return;
  }
  transfer_.download(context.memory.update.location,
                     [this](const transfer::Fetched& result) { downloaded(result); });
}

void Firmware::downloaded(const transfer::Fetched& result) {
  Context& context = station_.context;
  FirmwareUpdate& update = context.memory.update;
  const bool untold = say_.running();
  say_.stop();
  if (!result.ok) {
    context.log("download failed: " + result.reason);
    if (context.defects.hit("downloaded-despite-failure")) return finish("Downloaded");
    return download_failed();
  }
  if (untold) tell("Downloading");
  update.image = result.content;
  update.stage = Stage::downloaded;
  tell("Downloaded");
  timer_.start(context.variations.reaction, [this] { downloaded_goes_on(); });
}

void Firmware::download_failed() {
  FirmwareUpdate& update = station_.context.memory.update;
  if (update.retries <= 0) return finish("DownloadFailed");
  --update.retries;
  if (station_.context.variations.tells_download_paused) tell_scheduled("DownloadPaused");
  timer_.start(std::chrono::seconds(update.retry_interval), [this] { attempt(); });
}

void Firmware::downloaded_goes_on() {
  station_.context.memory.update.signature ? verify() : begin_installation();
}

// As soon as it is able to: not while somebody charges (section 5.19). What waits for a signed
// update is out of use meanwhile (L01.FR.07).
void Firmware::begin_installation() {
  Context& context = station_.context;
  FirmwareUpdate& update = context.memory.update;
  if (context.defects.hit("never-install")) return;
  waiting_ = station_.in_use(0);
  if (context.variations.out_of_use != Variations::OutOfUse::never ||
      (waiting_ && update.signature))
    hold(true);
  if (waiting_) return;  // transaction_ended() goes on
  const ReadImage image = read_firmware_image(update.image);
  if (!image.problem.empty() && context.variations.image_checked_first &&
      !context.defects.on("install-damaged-image")) {
    context.log("installation refused: " + image.problem);
    return finish(update.signature ? "InstallVerificationFailed" : "InstallationFailed");
  }
  update.stage = Stage::installing;
  tell("Installing");
  timer_.start(context.variations.installation_time, [this] { installed(); });
}

void Firmware::installed() {
  Context& context = station_.context;
  FirmwareUpdate& update = context.memory.update;
  const ReadImage image = read_firmware_image(update.image);
  if (!image.problem.empty() && !context.defects.hit("install-damaged-image")) {
    context.log("installation failed: " + image.problem);
    if (!context.variations.boot_after_failed_installation) return finish("InstallationFailed");
    return restart_with("InstallationFailed");
  }
  if (!image.version.empty()) context.memory.firmware = image.version;
  context.log("firmware " + context.firmware_version() + " installed");
  station_.security_events.happened("FirmwareUpdated", context.firmware_version());
  if (context.defects.hit("no-reboot-after-update")) return finish("Installed");
  restart_with("Installed");
}

// The outcome is told before the restart or after it: section 5.19 recommends the latter.
void Firmware::restart_with(const std::string& outcome) {
  FirmwareUpdate& update = station_.context.memory.update;
  if (station_.context.variations.outcome_before_boot) {
    tell(outcome);
    update.stage = Stage::none;
  } else {
    if (update.signature && outcome == "Installed" &&
        station_.context.variations.tells_install_rebooting)
      tell("InstallRebooting");
    update.stage = Stage::rebooting;
    update.outcome = outcome;
  }
  station_.restart(30s);
}

void Firmware::booting() {
  const Stage stage = station_.context.memory.update.stage;
  if (stage == Stage::none || stage == Stage::rebooting) hold(false);
}

void Firmware::registered() {
  FirmwareUpdate& update = station_.context.memory.update;
  switch (update.stage) {
    case Stage::none:
      return;
    case Stage::scheduled:
      return schedule();
    case Stage::downloading:
      return begin_download();
    case Stage::downloaded:
      return downloaded_goes_on();
    case Stage::verified:
      return schedule_installation();
    case Stage::installing:
      return begin_installation();
    case Stage::rebooting:
      return finish(update.outcome);
  }
}

void Firmware::reconnected() {
  const std::string untold = std::exchange(station_.context.memory.update.untold, {});
  if (!untold.empty()) tell(untold);
}

void Firmware::transaction_ended() {
  if (!waiting_) return;
  const bool to_install = station_.context.memory.update.stage >= Stage::downloaded;
  timer_.start(station_.context.variations.reaction,
               [this, to_install] { to_install ? begin_installation() : begin_download(); });
}

void Firmware::finish(const std::string& status) {
  tell(status);
  FirmwareUpdate& update = station_.context.memory.update;
  update.stage = Stage::none;
  update.image.clear();
  hold(false);
}

void Firmware::tell(const std::string& status) {
  FirmwareUpdate& update = station_.context.memory.update;
  update.status = status;
  update.untold.clear();
  Value payload = Value::object({{"status", status}});
  if (update.signature) payload.set("requestId", update.signature->request);
  station_.messenger.call(
      update.signature ? "SignedFirmwareStatusNotification" : "FirmwareStatusNotification", payload,
      [this, status](const Answer& answer) {
        if (answer.how == Answer::How::offline) station_.context.memory.update.untold = status;
      });
}

void Firmware::hold(bool on) {
  Context& context = station_.context;
  if (context.memory.update.holds == on) return;
  if (!on && context.defects.hit("stay-unavailable-after-update")) return;
  context.memory.update.holds = on;
  station_.statuses.update_all();
}

}  // namespace plugproof::simulator
