// The file servers of the bench within a run: places that test cases open for the charge point, and
// what the servers saw there. Everything is recorded in its place in time; what it means is decided
// by the steps.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/run/session.hpp"
#include "engine/transfer/file_host.hpp"
#include "pics/pics.hpp"

namespace plugproof::run {

// What a record tells of an image.
struct ImageFacts {
  std::uint64_t bytes = 0;
  std::string sha256;  // hex
};

// A firmware image of the bench. Without facts there is none; without content, where a recorded run
// is judged again, nothing but its facts is known.
struct FirmwareImage {
  std::string name;  // of the file, as its URL ends; letters, digits, '.', '-', '_'
  std::shared_ptr<const std::string> content;
  std::optional<ImageFacts> facts;
};
FirmwareImage make_image(std::string name, std::string content);

// One that the charge point under test installs, and one that it must refuse.
struct FirmwareImages {
  FirmwareImage valid, invalid;
};

// What a server reported, kept in the order in which it was reported.
struct SeenTransfer {
  transfer::Event event;
  std::int64_t record = 0;  // sequence number in the journal
  bool taken = false;       // by a step
};

class Transfers {
 public:
  // `host` may be absent: no place can be opened then.
  Transfers(Session& session, const pics::Pics& pics, transfer::FileHost* host,
            FirmwareImages images);
  Transfers(const Transfers&) = delete;
  Transfers& operator=(const Transfers&) = delete;

  struct Opened {
    base::Value place;   // what a case knows of it; null when it could not be opened
    std::string reason;  // then: what is missing, and the remedy
  };
  // {image, prefix, conduct, after, protocol} for a file to be downloaded, {conduct, after,
  // protocol} for a folder to upload into; all may be absent. `step` labels the journal record.
  Opened offer_firmware(const base::Value& arguments, const std::string& step);
  Opened offer_folder(const base::Value& arguments, const std::string& step);
  // Closes what was opened and forgets what was seen.
  void end_case();
  // The first transfer at a place of the case that failed through a fault of the bench. Asked for
  // last of all, since a server that died may be heard of after what the charge point says of it.
  std::optional<SeenTransfer> take_fault();

  std::vector<SeenTransfer>& history() { return history_; }
  // What the bench can do with files, for the journal: protocols and images. Null without servers.
  base::Value facilities() const;

 private:
  struct Choice {
    std::optional<transfer::Protocol> protocol;
    std::string reason;  // when there is none
  };
  Choice choose(const base::Value& arguments) const;
  Opened opened(const transfer::Opened& result, base::Value::Object facts,
                base::Value::Object record, const std::string& step);
  void take(const transfer::Event& event);

  Session& session_;
  const pics::Pics& pics_;
  transfer::FileHost* host_;
  FirmwareImages images_;
  std::vector<transfer::PlaceId> open_;
  transfer::PlaceId first_of_case_ = 0;  // 0: none was opened
  std::optional<SeenTransfer> fault_;
  std::vector<SeenTransfer> history_;
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace plugproof::run
