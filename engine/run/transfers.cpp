#include "engine/run/transfers.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/sha256.hpp"
#include "engine/transfer/names.hpp"

namespace plugproof::run {

using base::Value;
using transfer::Conduct;
using transfer::Protocol;

namespace {

// A charge point that asks again and again must not fill the memory.
constexpr std::size_t kMaxSeen = 1000;

std::vector<std::string> words_of(const Value& list) {
  std::vector<std::string> words;
  if (list.is_list())
    for (const auto& item : list.as_list())
      if (item.is_string()) words.push_back(item.as_string());
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

Conduct conduct_of(const Value& arguments) {
  return transfer::conduct_named(arguments.string_or("conduct", "whole")).value_or(Conduct::whole);
}

std::uint64_t after_of(const Value& arguments) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, arguments.int_or("after", 0)));
}

const std::string kNoServer =
    "this bench has no file servers, so nothing can be downloaded from it or uploaded to it";

Value described(const FirmwareImage& image) {
  if (!image.facts) return {};
  return Value::object({{"name", image.name},
                        {"bytes", static_cast<std::int64_t>(image.facts->bytes)},
                        {"sha256", image.facts->sha256}});
}

}  // namespace

FirmwareImage make_image(std::string name, std::string content) {
  ImageFacts facts{content.size(), base::sha256_hex(content)};
  return {std::move(name), std::make_shared<const std::string>(std::move(content)),
          std::move(facts)};
}

Value Transfers::facilities() const {
  if (!host_) return {};
  Value::List protocols;
  for (const auto protocol : host_->protocols())
    protocols.emplace_back(transfer::to_string(protocol));
  return Value::object({{"protocols", Value(std::move(protocols))},
                        {"valid", described(images_.valid)},
                        {"invalid", described(images_.invalid)}});
}

Transfers::Transfers(Session& session, const pics::Pics& pics, transfer::FileHost* host,
                     FirmwareImages images)
    : session_(session), pics_(pics), host_(host), images_(std::move(images)) {
  if (!host_) return;
  host_->on_event([this, alive = std::weak_ptr<const bool>(alive_)](const transfer::Event& event) {
    if (alive.expired()) return;
    session_.happened(event.at, [&] { take(event); });
  });
}

// The protocol that the case asks for, or the PIXIT; else the first that the charge point claims
// and the bench serves.
Transfers::Choice Transfers::choose(const Value& arguments) const {
  const std::vector<Protocol> served = host_->protocols();
  std::vector<std::string> wanted;
  std::string whose = "the test case asks for ";
  if (const std::string word = arguments.string_or("protocol", ""); !word.empty()) {
    wanted = {word};
  } else if (const auto it = session_.pixit().values.find("transfer_protocol");
             it != session_.pixit().values.end() && it->second.is_string()) {
    whose = "the PIXIT asks for ";
    wanted = {it->second.as_string()};
  } else if (const auto claimed = pics_.lookup("ORS-16")) {
    whose = "the charge point claims ";
    wanted = words_of(*claimed);
  }
  if (wanted.empty() && !served.empty()) return {served.front(), {}};
  for (const auto& word : wanted)
    for (const auto protocol : transfer::protocols_named(word))
      if (std::find(served.begin(), served.end(), protocol) != served.end()) return {protocol, {}};
  std::vector<std::string> offered;
  for (const auto protocol : served) offered.emplace_back(transfer::to_string(protocol));
  return {std::nullopt, whose + (wanted.empty() ? "nothing" : joined(wanted)) +
                            ", but the file servers of the bench speak " +
                            (offered.empty() ? "nothing" : joined(offered))};
}

Transfers::Opened Transfers::offer_firmware(const Value& arguments, const std::string& step) {
  if (!host_) return {{}, kNoServer};
  const std::string which = arguments.string_or("image", "valid");
  const FirmwareImage& image = which == "invalid" ? images_.invalid : images_.valid;
  if (!image.facts)
    return {{}, "the bench has no " + which + " firmware image; the PIXIT must name one"};
  const Choice choice = choose(arguments);
  if (!choice.protocol) return {{}, choice.reason};
  transfer::Offer offer;
  offer.name = arguments.string_or("prefix", "") + image.name;
  offer.protocol = *choice.protocol;
  offer.content = image.content;
  offer.conduct = conduct_of(arguments);
  offer.after = after_of(arguments);
  const std::string protocol = transfer::to_string(*choice.protocol);
  const Value::Object facts{{"name", offer.name},
                            {"protocol", protocol},
                            {"size", static_cast<std::int64_t>(image.facts->bytes)},
                            {"sha256", image.facts->sha256}};
  Value::Object record{{"way", "download"}, {"image", which}};
  record.insert(record.end(), facts.begin(), facts.end());
  record.emplace_back("conduct", transfer::to_string(offer.conduct));
  return opened(host_->offer(offer), facts, std::move(record), step);
}

Transfers::Opened Transfers::offer_folder(const Value& arguments, const std::string& step) {
  if (!host_) return {{}, kNoServer};
  const Choice choice = choose(arguments);
  if (!choice.protocol) return {{}, choice.reason};
  const transfer::Inbox inbox{*choice.protocol, conduct_of(arguments), after_of(arguments)};
  const std::string protocol = transfer::to_string(*choice.protocol);
  return opened(
      host_->receive(inbox), {{"protocol", protocol}},
      {{"way", "upload"}, {"protocol", protocol}, {"conduct", transfer::to_string(inbox.conduct)}},
      step);
}

Transfers::Opened Transfers::opened(const transfer::Opened& result, Value::Object facts,
                                    Value::Object record, const std::string& step) {
  if (result.id == 0) {
    record.emplace_back("step", step);
    record.emplace_back("reason", result.reason);
    session_.journal().write(session_.now(), "offer", record);
    return {{}, "the file servers cannot serve this: " + result.reason};
  }
  open_.push_back(result.id);
  if (first_of_case_ == 0) first_of_case_ = result.id;
  session_.hide_password(result.url);
  const auto id = static_cast<std::int64_t>(result.id);
  record.insert(record.begin(), {"place", id});
  record.emplace_back("url", result.url);
  record.emplace_back("step", step);
  session_.journal().write(session_.now(), "offer", record);
  facts.insert(facts.begin(), {"place", id});
  facts.emplace_back("location", result.url);
  return {Value(std::move(facts)), {}};
}

void Transfers::take(const transfer::Event& event) {
  Value::Object record{{"place", static_cast<std::int64_t>(event.place)},
                       {"way", transfer::to_string(event.way)},
                       {"event", transfer::to_string(event.kind)},
                       {"protocol", transfer::to_string(event.protocol)},
                       {"name", event.name},
                       {"bytes", static_cast<std::int64_t>(event.bytes)}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) record.emplace_back(key, text);
  };
  add("sha256", event.sha256);
  add("kept", event.kept);
  add("remote", event.remote);
  add("reason", event.reason);
  if (event.bench) record.emplace_back("bench", true);
  const auto sequence = session_.journal().write(event.at, "transfer", record);
  const bool of_case = first_of_case_ != 0 && event.place >= first_of_case_;
  if (event.bench && of_case && !fault_) fault_ = SeenTransfer{event, sequence, false};
  if (history_.size() < kMaxSeen) history_.push_back({event, sequence, false});
}

std::optional<SeenTransfer> Transfers::take_fault() {
  first_of_case_ = 0;
  return std::exchange(fault_, std::nullopt);
}

void Transfers::end_case() {
  if (host_)
    for (const auto place : open_) host_->close(place);
  open_.clear();
  history_.clear();
}

}  // namespace plugproof::run
