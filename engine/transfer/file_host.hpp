// The file servers of the bench as a test case sees them: files to be downloaded, folders to upload
// into, and what a charge point did with them. Two implementations: real servers on sockets (HTTP,
// HTTPS, FTP, FTPS) and one in memory for virtual time. A host never judges, it reports.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/time.hpp"

namespace plugproof::transfer {

// The protocols of SupportedFileTransferProtocols (OCPP 1.6 section 9.1.25, PICS ORS-16). FTPS is
// served in both its forms: explicit (AUTH TLS on ftp://, RFC 4217) and implicit (ftps:// on a port
// of its own).
enum class Protocol { http, https, ftp, ftps, ftps_implicit };
const char* to_string(Protocol protocol);  // "HTTP", "HTTPS", "FTP", "FTPS", "FTPS (implicit)"

// What a server does with one file, on purpose.
enum class Conduct {
  whole,    // as it should be
  missing,  // the file is not there, the folder takes nothing (404, 550)
  broken,   // the connection is dropped after `after` bytes
  stalled   // nothing moves any more after `after` bytes; the connection stays open
};
const char* to_string(Conduct conduct);

// A file for the charge point to download.
struct Offer {
  std::string name;  // last segment of its URL: letters, digits, '.', '-', '_'
  Protocol protocol = Protocol::http;
  std::shared_ptr<const std::string> content;
  Conduct conduct = Conduct::whole;
  std::uint64_t after = 0;  // bytes, for broken and stalled
};

// A folder for the charge point to upload into.
struct Inbox {
  Protocol protocol = Protocol::http;
  Conduct conduct = Conduct::whole;
  std::uint64_t after = 0;
};

using PlaceId = std::uint64_t;  // of an offer or an inbox, from 1, unique within a run

// Where a place can be reached. The URL carries the run's throw-away credentials where the protocol
// has any.
struct Opened {
  PlaceId id = 0;      // 0: it could not be opened
  std::string url;     // of the file, or of the folder with '/' at the end
  std::string reason;  // when not opened: what is missing, and what to install or to configure
};

enum class EventKind { started, done, failed };
enum class Way { download, upload };

struct Event {
  EventKind kind = EventKind::started;
  Way way = Way::download;
  PlaceId place = 0;
  base::Nanos at{0};  // on the run's clock
  Protocol protocol = Protocol::http;
  std::string name;         // of the file, without folders
  std::uint64_t bytes = 0;  // moved so far
  std::string sha256;       // hex; of what was moved, done only
  std::string kept;         // upload, done only: path of the kept file within the run's folder
  std::string remote;       // address of the client, where the server tells it
  std::string reason;       // failed only
  bool bench = false;       // failed only: through a fault of ours, whatever the client did
};
const char* to_string(EventKind kind);
const char* to_string(Way way);

class FileHost {
 public:
  using Handler = std::function<void(const Event&)>;
  virtual ~FileHost() = default;

  // Set once, before the first place is opened. Called on the clock's thread, never from inside
  // another call.
  virtual void on_event(Handler handler) = 0;
  // The protocols that can be served at all, in the order in which they are preferred.
  virtual std::vector<Protocol> protocols() const = 0;
  virtual Opened offer(const Offer& offer) = 0;
  virtual Opened receive(const Inbox& inbox) = 0;
  // Ends a place: transfers under way are cut off and reported as failed.
  virtual void close(PlaceId place) = 0;
};

}  // namespace plugproof::transfer
