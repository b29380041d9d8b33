// The charge point's logs as files, uploaded where the central system says: diagnostics (OCPP 1.6
// sections 4.4, 5.9, 7.24), and both kinds of GetLog.req (security whitepaper, use case N01). One
// upload at a time; a request is kept over a loss of power until it was followed.
#pragma once

#include <string>

#include "engine/base/value.hpp"
#include "simulator/file_transfer.hpp"
#include "simulator/timer.hpp"

namespace plugproof::simulator {

struct LogUpload;
struct Station;

class LogUploads {
 public:
  explicit LogUploads(Station& station);

  // Takes GetDiagnostics.req in; the name of the file that will be uploaded, empty when there is
  // nothing to upload or an upload is under way. begin() starts it.
  std::string diagnostics_requested(const base::Value& request);
  // Takes GetLog.req in: the payload of its answer. An upload that is under way is given up for it.
  base::Value log_requested(const base::Value& request);
  void begin();
  // Accepted for the first time since power on.
  void registered();
  // What a trigger of DiagnosticsStatusNotification.req or LogStatusNotification.req sends.
  base::Value status(bool of_get_log) const;
  void stop();

 private:
  void prepare(const base::Value& request, const std::string& location, const std::string& kind,
               std::string content);
  void attempt();
  void send(const std::string& content);
  void uploaded(const transfer::Fetched& result);
  void finish(const std::string& status);
  void tell(const LogUpload& upload, const std::string& status);
  std::string write_diagnostics(base::Micros from, base::Micros to) const;
  std::string write_security_log(base::Micros from, base::Micros to) const;

  Station& station_;
  FileTransfer transfer_;
  Timer timer_;
};

}  // namespace plugproof::simulator
