// What the FTP sessions do, put together from three sources: proftpd's log, which tells of a
// command when it is over; the watched folders, which show when a transfer begins and moves; and
// the end of a session's process, which explains what is missing in the log. All on the clock's
// thread.
#pragma once

#include <sys/types.h>

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "engine/base/event_loop.hpp"
#include "engine/transfer/coverage.hpp"
#include "engine/transfer/folder_watch.hpp"
#include "engine/transfer/ftp_record.hpp"
#include "engine/transfer/place.hpp"
#include "engine/transfer/upload_keeper.hpp"

namespace plugproof::transfer {

class FtpSessions {
 public:
  // Both must live longer.
  FtpSessions(base::EventLoop& loop, const Tell& tell, UploadKeeper& keeper);
  // Ends every session at once.
  ~FtpSessions();
  FtpSessions(const FtpSessions&) = delete;
  FtpSessions& operator=(const FtpSessions&) = delete;

  // A place whose folder on disk is watched.
  void open(const Place& place, const std::string& folder, FolderWatch::Folder watch);
  // Ends the sessions there and forgets the place.
  void close(PlaceId place);

  // A session's process; takes a descriptor of its control connection, to look at only.
  void begin(pid_t session, int control, const std::string& remote);
  std::size_t count() const { return sessions_.size(); }

  // What was read, in order. The log must be read before the folders: then all that happened before
  // a line of it was written is there too.
  void happened(const std::deque<FtpRecord>& records, const std::vector<FolderWatch::Event>& moves);
  // The process is gone. `said`: the last line that it printed.
  void ended(pid_t session, int wait_status, const std::string& said);

 private:
  struct Site {
    Place place;
    std::string folder;
    FolderWatch::Folder watch = -1;
    Coverage given;
    // Downloads that came to the end of the file while the rest of it was still being sent in
    // another session, or so it seemed: a client that broke off goes on in a new one, and its old
    // one may be the last to know.
    std::vector<Event> waiting;
  };
  struct Session {
    int control = -1;
    std::string remote;
    std::shared_ptr<Site> site;  // once logged in
    bool busy = false;           // a transfer is under way
    std::string name;            // of its file
    bool held = false;           // stopped, or about to be ended, on purpose
    bool gone = false;           // its process has ended
    bool refused = false;        // told already that the place gives or takes nothing
    std::uint64_t offset = 0;    // where the next transfer, or the one that is over, begins (REST)
    std::string reason;          // why we end it
    base::Clock::Timer timer = base::Clock::Timer::none;
    // A transfer that is over for the server; the client has yet to take note.
    bool unconfirmed = false;
    Event complete;
    int file = -1;           // of a complete upload
    std::uint64_t said = 0;  // on the control connection until then
    base::Nanos looking_until{0};
  };
  using Sessions = std::map<pid_t, Session>;

  void record(const FtpRecord& record, std::deque<FolderWatch::Event>& moves);
  void moved(const FolderWatch::Event& event);
  void finish(pid_t id, Session& session, const FtpRecord& record);
  void confirm(pid_t id);
  void settle(Session& session);
  void doubt(Session& session);
  void settle_download(Session& session);
  void given(Session& session, std::uint64_t end);
  void look_at_the_waiting(Site& site);
  void end_if_busy(pid_t id);
  bool is_busy(const Site& site) const;
  void forget(pid_t id);
  void started(Session& session, const std::string& name);
  void failed(Session& session, const std::string& name, std::uint64_t bytes,
              const std::string& reason, bool bench = false);
  void hold_soon(pid_t id, Session& session);
  void hold(pid_t id);
  void watch_the_client(pid_t id);
  void end(pid_t id, Session& session, const std::string& reason);
  Event event(const Session& session, EventKind kind, const std::string& name,
              std::uint64_t bytes) const;
  std::uint64_t size_on_disk(const Session& session) const;
  Session* at(FolderWatch::Folder watch, const std::string& name);

  base::EventLoop& loop_;
  const Tell& tell_;
  UploadKeeper& keeper_;
  std::map<std::string, std::shared_ptr<Site>> sites_;  // by user
  Sessions sessions_;
};

}  // namespace plugproof::transfer
