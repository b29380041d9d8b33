// Makes an evidence bundle out of a run's folder.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certs/certificate.hpp"
#include "certs/private_key.hpp"
#include "engine/suite/sources.hpp"
#include "evidence/contents.hpp"

namespace plugproof::evidence {

// What the journal names by its digest and does not hold itself. Each may be left out.
struct Attachments {
  std::optional<std::string> pics;                      // the bytes of the file
  std::optional<std::vector<suite::SourceFile>> suite;  // all files of its folder
};

// The contents of a bundle, its run read and checked: the chain of digests, the kept uploads, the
// attachments against the journal. Throws Changed when the run was changed, base::InputError when
// something cannot be read or an attachment is not the one of the run.
struct Contents {
  RunJournal journal;
  Members members;  // sorted
};
Contents collect(const std::string& run_folder, const Attachments& attachments);

struct BenchKey {
  certs::PrivateKey key;
  certs::Certificate certificate;
};

// Gets a time stamp over the bytes it is given, as a TimeStampResp in DER (timestamp_service.hpp).
using Stamper = std::function<std::string(std::string_view)>;

// The bytes of the bundle: the same contents, tool and key give the same ones, but for the time
// stamp. No key: not signed. No stamper: no time stamp.
std::string seal(Contents contents, const std::string& tool, const BenchKey* key,
                 const Stamper& stamper);

}  // namespace plugproof::evidence
