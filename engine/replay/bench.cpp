#include "engine/replay/bench.hpp"

#include "engine/replay/fields.hpp"

namespace plugproof::replay {

using base::Value;

namespace {

run::FirmwareImage image_of(const Fields& files, const char* which) {
  if (files.any(which).is_null()) return {};
  const Fields facts = files.object(which);
  return {facts.text("name"), nullptr,
          run::ImageFacts{static_cast<std::uint64_t>(facts.number("bytes")), facts.text("sha256")}};
}

}  // namespace

ReplayFiles::ReplayFiles(const Value& facilities, const std::string& place, Script& script)
    : script_(script) {
  const Fields files(facilities, place);
  const Value& protocols = files.any("protocols");
  if (!protocols.is_list()) files.refuse("'protocols' is no list");
  for (const auto& name : protocols.as_list()) {
    const Value one = Value::object({{"protocol", name}});
    protocols_.push_back(
        Fields(one, place).word<transfer::Protocol>("protocol", 5, transfer::to_string));
  }
  images_ = {image_of(files, "valid"), image_of(files, "invalid")};
}

transfer::Opened ReplayFiles::offer(const transfer::Offer& offer) {
  return script_.offered({{},
                          transfer::Way::download,
                          transfer::to_string(offer.protocol),
                          transfer::to_string(offer.conduct),
                          offer.name});
}

transfer::Opened ReplayFiles::receive(const transfer::Inbox& inbox) {
  return script_.offered({{},
                          transfer::Way::upload,
                          transfer::to_string(inbox.protocol),
                          transfer::to_string(inbox.conduct),
                          {}});
}

run::Vault::Made ReplayVault::make(const std::string& thing, const Value& arguments) {
  auto made = script_.made(thing, arguments);
  if (made.reason.empty() && run::Security::is_secret(thing) && made.value.is_string())
    keys_[made.value.as_string()] = arguments.string_or("which", "configured");
  return made;
}

link::ServerSecurity ReplayVault::server(const run::Serving& serving) {
  const std::string reason = script_.refusal(serving);
  if (!reason.empty()) throw base::InputError(reason);
  return {};
}

std::string ReplayVault::which_key(std::string_view value) {
  const auto known = keys_.find(value);
  return known == keys_.end() ? "other" : known->second;
}

Papers papers_of(const Recording& recording) {
  const RunFacts& run = recording.run();
  const std::string place = recording.name() + ":1: ";
  base::Diagnostics diagnostics;
  auto pics = pics::Pics::from_document(run.pics, run.pics_path, run.pics_sha256, diagnostics);
  if (!pics)
    throw base::InputError(place + "the PICS in the 'run' record cannot be used:\n" +
                           diagnostics.render());
  try {
    run::Pixit pixit = run::Pixit::from_document(run.pixit, *pics);
    pixit.path = run.pixit_path;
    pixit.sha256 = run.pixit_sha256;
    return {*std::move(pics), std::move(pixit)};
  } catch (const base::InputError& e) {
    throw base::InputError(place + "the PIXIT in the 'run' record cannot be used: " + e.what());
  }
}

Bench::Bench(const Recording& source, const Attempt& attempt_of_it, Script& script)
    : recording(source),
      attempt(attempt_of_it),
      papers(papers_of(source)),
      clock(source.run().utc_start, attempt_of_it.begun),
      link(script),
      rig(clock, script) {
  if (!source.run().files.is_null())
    files.emplace(source.run().files, source.name() + ":1", script);
  if (source.run().security.is_object()) vault.emplace(source.run().security, script);
}

run::Journal Bench::journal(run::JournalSink& sink) const {
  return {sink, recording.run().utc_start,
          attempt.before ? attempt.before->end : run::JournalEnd{}};
}

void Bench::deliver(const Entry& entry) {
  if (const auto* event = std::get_if<link::Event>(&entry.what)) link.deliver(*event);
  if (const auto* event = std::get_if<transfer::Event>(&entry.what); event && files)
    files->deliver(*event);
  if (const auto* done = std::get_if<RigDone>(&entry.what)) rig.deliver(*done, asked);
}

run::RunSettings Bench::settings() {
  const RunFacts& run = recording.run();
  run::RunSettings settings;
  settings.name = run.name;
  settings.tool = attempt.tool;
  settings.clock = run.clock;
  settings.dut_kind = run.dut_kind;
  settings.edition = run.edition;
  settings.seed = run.seed;
  settings.mask_key = run.name;  // there is nothing left to mask
  settings.simulator = run.simulator;
  settings.command_line = attempt.command_line;
  settings.isolate = run.isolate;
  settings.instance_id = attempt.instance;
  settings.resumption = attempt.before;
  settings.firmware_image = run.firmware_image;
  settings.suite_folder = run.suite_path;
  settings.shard = run.shard;
  if (vault) {
    settings.vault = &*vault;
    const Fields security(run.security, recording.name() + ":1");
    settings.security_profile = static_cast<int>(security.number("profile", 0, 3));
    if (attempt.before && attempt.before->security_profile)
      settings.security_profile = *attempt.before->security_profile;
  }
  if (files) {
    settings.file_host = &*files;
    settings.images = files->images();
  }
  return settings;
}

}  // namespace plugproof::replay
