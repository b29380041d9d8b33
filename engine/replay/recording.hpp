// A journal as a replay needs it: what happened to the harness and what the harness did, in the
// order of the record (docs/journal.md).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "engine/link/link.hpp"
#include "engine/rig/rig.hpp"
#include "engine/run/resumption.hpp"
#include "engine/run/vault.hpp"
#include "engine/suite/shards.hpp"
#include "engine/transfer/file_host.hpp"

namespace plugproof::replay {

// What happened, from outside: comes again as it came.
struct RigDone {
  std::string action;
  rig::Result result;
};
struct Interrupted {
  std::string reason;
};

// What the harness did: answered as the bench answered it.
struct Sent {
  link::ConnectionId connection = 0;
  std::string text;
  bool lost = false;    // the connection was gone
  bool call = false;    // a request: an id was drawn for it
  bool starts = false;  // the answer to a StartTransaction.req: an id was given
};
struct Asked {  // a physical action
  std::string action;
  base::Value arguments;
};
struct Fault {  // on the link
  std::string name;
  std::optional<run::Serving> served{};  // it is none: what the link asks and shows from then on
  std::string reason{};                  // the bench could not serve that
};
Fault serving(const run::Serving& served, std::string reason = {});
struct Offered {  // a place on the file servers
  transfer::Opened opened;
  transfer::Way way = transfer::Way::download;
  std::string protocol, conduct, name;
};

struct Made {  // of keys and certificates
  std::string thing;
  base::Value arguments;
  run::Vault::Made made;
};

// Where the run stood.
struct CaseBegun {
  std::string id;
};
struct Shared {  // the case takes over what the case before left
  base::Value fields;
};
struct CleanUp {};  // of the case under way begins
struct Judged {
  std::string id;
  std::string verdict, reason;
  base::Value failures;
};

using What = std::variant<link::Event, transfer::Event, RigDone, Interrupted, Sent, Asked, Fault,
                          Offered, Made, CaseBegun, Shared, CleanUp, Judged>;

struct Entry {
  base::Nanos at{0};      // as recorded
  base::Nanos due{0};     // when it was handled: deadlines before this came before it
  std::int64_t line = 0;  // in the journal, which is its sequence number
  What what;

  bool is_input() const { return what.index() <= 3; }
  bool is_action() const { return what.index() >= 4 && what.index() <= 8; }
  // "the request GetConfiguration", "the action plug_in": what a reader calls it.
  std::string told() const;
};

// From where a run began, or was taken up again, to where that came to an end.
struct Attempt {
  std::int64_t first = 1, last = 1;  // lines; the first one is of the kind `run` or `resume`
  base::Nanos begun{0};              // time of that record
  std::string tool, command_line, instance;
  std::vector<Entry> entries;
  // What the attempts before it left; nothing: it is the first.
  std::shared_ptr<const run::Resumption> before;
};

// What the `run` record says about how the run was made.
struct RunFacts {
  std::string name, tool, clock, dut_kind, edition;
  std::uint64_t seed = 1;
  bool isolate = false;
  std::string suite_folder, suite_path, suite_sha256;
  suite::Shard shard;      // 0 of 0: the whole
  std::size_t merged = 0;  // of how many runs it was joined; 0: it was made
  std::string pixit_path, pixit_sha256;
  std::string pics_path, pics_sha256;
  base::Value pics, pixit, files, security, firmware_image, simulator;
  struct Selected {
    std::string id, decision;
    int shard = 0;
  };
  std::vector<Selected> selection;
  base::Micros utc_start{0};  // the wall clock at zero
};

class Recording {
 public:
  // `text`: the bytes of a journal; a torn last line is left out. `name` stands in messages. Throws
  // base::InputError with name:line for what cannot be a journal. Of a joined one the `run` record
  // alone is read: the rest is derived, with the attempts of several runs one after the other.
  static Recording read(std::string text, const std::string& name);

  const RunFacts& run() const { return run_; }
  // One, and one more for each time that the run was taken up again.
  const std::vector<Attempt>& attempts() const { return attempts_; }
  std::size_t lines() const { return lines_.size(); }
  // 1 is the first; without its newline.
  std::string_view line(std::int64_t number) const;
  const std::string& name() const { return name_; }
  // Whether the run came to an end of its own; false: interrupted, or cut off.
  bool complete() const { return complete_; }
  // Whether there is an `end` record at all.
  bool ended() const { return ended_; }

 private:
  // The record of kind `resume` that comes next.
  Attempt taken_up_again(const base::Value& record, std::int64_t line) const;
  std::string name_;
  std::string text_;
  // Offsets into text_, which may move with the object.
  std::vector<std::pair<std::size_t, std::size_t>> lines_;
  RunFacts run_;
  std::vector<Attempt> attempts_;
  bool complete_ = false, ended_ = false;
};

}  // namespace plugproof::replay
