#include "engine/transfer/ftp_sessions.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "engine/base/sha256.hpp"
#include "engine/transfer/child_process.hpp"
#include "engine/transfer/control_connection.hpp"

namespace plugproof::transfer {

namespace {

using base::Nanos;

// After this long without a byte a transfer that is held back has come to its point. It is held by
// proftpd already; only the moment to act is looked for.
constexpr Nanos kQuiet = std::chrono::milliseconds(300);
// How often a connection is looked at of which the kernel will not tell us anything.
constexpr Nanos kLook = std::chrono::milliseconds(20);
// The log runs ahead of the reply, and a process that dies closes its connections one after the
// other, but neither takes this long; most clients speak again before that.
constexpr Nanos kReplySent = std::chrono::milliseconds(200);
constexpr Nanos kConfirm = std::chrono::seconds(5);
// How long a session may take to end by itself, with a line in the log.
constexpr Nanos kGrace = std::chrono::seconds(1);

constexpr const char* kTakenUpAgain = "the client took the download up again in another session";
constexpr const char* kOnlyTheEnd = "the client took only the end of the file";

// What proftpd has taken for a number already.
std::uint64_t offset_in(const std::string& argument) {
  std::uint64_t offset = 0;
  std::from_chars(argument.data(), argument.data() + argument.size(), offset);
  return offset;
}

// RFC 959 section 4.2.2: 451 local error, 452 no storage space, 552 storage allocation exceeded,
// which is also what proftpd says to a file beyond our own limit.
bool is_out_of_room(const FtpRecord& record) {
  return record.code == 451 || record.code == 452 || record.code == 552;
}

bool has_died(pid_t id) {
  siginfo_t state{};
  return ::waitid(P_PID, static_cast<id_t>(id), &state, WEXITED | WNOHANG | WNOWAIT) == 0 &&
         state.si_pid == id;
}

std::string why(const FtpRecord& record) {
  std::string text = "the FTP transfer was not completed";
  if (!record.failure.empty()) text += ": " + record.failure;
  if (record.code != 0) text += " (" + std::to_string(record.code) + ")";
  if (!record.ending.empty()) text += "; the session ended: " + record.ending;
  return text;
}

}  // namespace

FtpSessions::FtpSessions(base::EventLoop& loop, const Tell& tell, UploadKeeper& keeper)
    : loop_(loop), tell_(tell), keeper_(keeper) {}

FtpSessions::~FtpSessions() {
  for (auto& [id, session] : sessions_) {
    loop_.cancel(session.timer);
    if (!session.gone) {
      ::kill(id, SIGKILL);
      ::waitpid(id, nullptr, 0);
    }
    ::close(session.control);
    if (session.file >= 0) ::close(session.file);
  }
}

void FtpSessions::open(const Place& place, const std::string& folder, FolderWatch::Folder watch) {
  sites_[place.user] = std::make_shared<Site>(Site{place, folder, watch, {}, {}});
}

void FtpSessions::close(PlaceId place) {
  for (auto& [id, session] : sessions_)
    if (session.site && session.site->place.id == place) end(id, session, reasons::kClosed);
  for (auto it = sites_.begin(); it != sites_.end();)
    it = it->second->place.id == place ? sites_.erase(it) : std::next(it);
}

void FtpSessions::begin(pid_t id, int control, const std::string& remote) {
  Session& session = sessions_[id];
  session.control = control;
  session.remote = remote;
}

Event FtpSessions::event(const Session& session, EventKind kind, const std::string& name,
                         std::uint64_t bytes) const {
  Event out = event_of(session.site->place, kind);
  out.at = loop_.now();
  out.name = presentable(name);
  out.bytes = bytes;
  out.remote = session.remote;
  return out;
}

void FtpSessions::started(Session& session, const std::string& name) {
  session.busy = true;
  session.name = name;
  tell_(event(session, EventKind::started, name, 0));
}

void FtpSessions::failed(Session& session, const std::string& name, std::uint64_t bytes,
                         const std::string& reason, bool bench) {
  session.busy = false;
  Event failure = event(session, EventKind::failed, name, bytes);
  failure.reason = session.reason.empty() ? reason : session.reason;
  failure.bench = bench && session.reason.empty();
  tell_(std::move(failure));
}

void FtpSessions::happened(const std::deque<FtpRecord>& records,
                           const std::vector<FolderWatch::Event>& moves) {
  std::deque<FolderWatch::Event> left(moves.begin(), moves.end());
  for (const auto& line : records) record(line, left);
  for (const auto& move : left) moved(move);
}

void FtpSessions::record(const FtpRecord& line, std::deque<FolderWatch::Event>& moves) {
  const auto it = sessions_.find(line.session);
  if (it == sessions_.end()) return;
  Session& session = it->second;
  if (line.command == "PASS" && line.code == 230) {
    const auto site = sites_.find(line.user);
    if (site != sites_.end()) session.site = site->second;
    return;
  }
  if (!session.site) return;
  // Whoever says something has heard the answer to the last command.
  if (session.unconfirmed) settle(session);
  if (line.command == "REST" && line.code == 350) session.offset = offset_in(line.argument);
  if (line.is_transfer()) {
    // What was seen in the folder until now belongs to this transfer.
    const std::string name = line.name();
    const auto own = [&](const FolderWatch::Event& move) {
      return move.folder == session.site->watch && move.name == name;
    };
    const bool began = std::find_if(moves.begin(), moves.end(), own) != moves.end();
    moves.erase(std::remove_if(moves.begin(), moves.end(), own), moves.end());
    if (!session.busy && (began || line.status == "success")) started(session, name);
    return finish(it->first, session, line);
  }
  if (line.command == "RETR") session.offset = 0;  // refused
  const Place& place = session.site->place;
  const bool asks = line.command == "RETR" || line.command == "SIZE" || line.command == "STOR" ||
                    line.command == "APPE" || line.command == "STOU";
  if (place.conduct == Conduct::missing && asks && line.code >= 500 &&
      !std::exchange(session.refused, true)) {
    const bool reads = place.way == Way::download;
    failed(session, reads ? place.name : line.name(), 0,
           reads ? reasons::kNoFile : reasons::kNoFolder);
  }
  if ((line.command == "PASV" || line.command == "EPSV") && line.code >= 400)
    failed(session, place.name, 0,
           "the FTP server has no free passive port; widen passive_ports in the PIXIT", true);
}

FtpSessions::Session* FtpSessions::at(FolderWatch::Folder watch, const std::string& name) {
  Session* idle = nullptr;
  for (auto& [id, session] : sessions_) {
    if (!session.site || session.site->watch != watch || session.unconfirmed) continue;
    if (session.busy && session.name == name) return &session;
    if (!session.busy) idle = &session;
  }
  return idle;
}

void FtpSessions::moved(const FolderWatch::Event& move) {
  Session* session = at(move.folder, move.name);
  if (!session) return;
  const Place& place = session->site->place;
  if (place.way == Way::download && move.name != place.name) return;
  if (!session->busy) started(*session, move.name);
  if (place.conduct == Conduct::broken || place.conduct == Conduct::stalled) {
    const auto it = std::find_if(sessions_.begin(), sessions_.end(),
                                 [&](const auto& entry) { return &entry.second == session; });
    hold_soon(it->first, *session);
  }
}

void FtpSessions::finish(pid_t id, Session& session, const FtpRecord& line) {
  Site& site = *session.site;
  const bool reads = site.place.way == Way::download;
  const std::string name = line.name().empty() ? session.name : line.name();
  loop_.cancel(session.timer);
  if (line.status != "success") {
    if (reads) given(session, session.offset + line.bytes);
    if (site.place.conduct == Conduct::missing && std::exchange(session.refused, true)) return;
    const bool missing = site.place.conduct == Conduct::missing;
    const bool no_room = !reads && !missing && is_out_of_room(line);
    failed(session, name, line.bytes,
           !missing ? why(line) + (no_room ? "; it writes into " + site.folder + kMakeRoom : "")
           : reads  ? reasons::kNoFile
                    : reasons::kNoFolder,
           no_room);
    return look_at_the_waiting(site);
  }
  session.busy = false;
  session.complete = event(session, EventKind::done, name, line.bytes);
  if (!reads) {
    const std::string path = site.folder + "/" + name;
    session.file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    struct stat facts {};
    if (session.file < 0 || ::fstat(session.file, &facts) != 0 || !S_ISREG(facts.st_mode)) {
      if (session.file >= 0) ::close(std::exchange(session.file, -1));
      return failed(session, name, line.bytes, "the uploaded file is not where it should be");
    }
  }
  // The end of the data connection is all that marks the end of a file (RFC 959 section 3.4.1), and
  // a client that dies closes it too. One that lives waits at its control connection for our 226.
  session.unconfirmed = true;
  session.said = look_at(session.control).said;
  session.looking_until = loop_.now() + kConfirm;
  session.timer = loop_.after(kReplySent, [this, id] { confirm(id); });
}

void FtpSessions::confirm(pid_t id) {
  const auto it = sessions_.find(id);
  if (it == sessions_.end() || !it->second.unconfirmed) return;
  Session& session = it->second;
  const ControlConnection now = look_at(session.control);
  // Who has left by now may yet have heard the reply: a record of its goodbye would have come here
  // before the process ended, and its system has acknowledged what was said.
  constexpr std::uint64_t kReply = 4;  // bytes of "226 "
  const bool waits = now.open && now.heard >= now.said;
  const bool heard = now.heard >= session.said + kReply || (session.gone && now.heard >= now.said);
  if (waits || heard) {
    settle(session);
  } else if (session.gone || loop_.now() >= session.looking_until) {
    doubt(session);
  } else {
    session.timer = loop_.after(kLook, [this, id] { confirm(id); });
    return;
  }
  if (session.gone) forget(id);
}

void FtpSessions::settle(Session& session) {
  session.unconfirmed = false;
  loop_.cancel(session.timer);
  if (session.file >= 0) {
    keeper_.keep(std::exchange(session.file, -1), std::move(session.complete));
  } else {
    settle_download(session);
  }
}

void FtpSessions::given(Session& session, std::uint64_t end) {
  session.site->given.add(std::exchange(session.offset, 0), end);
}

void FtpSessions::settle_download(Session& session) {
  Site& site = *session.site;
  given(session, site.place.content->size());
  site.waiting.push_back(std::move(session.complete));
  look_at_the_waiting(site);
  if (site.waiting.empty()) return;
  // The others get a moment to end by themselves. One whose client is beyond reach would not
  // notice for minutes.
  for (auto& [id, other] : sessions_) {
    if (other.site != session.site || !other.busy || !other.reason.empty()) continue;
    loop_.cancel(other.timer);
    other.timer = loop_.after(kConfirm, [this, stuck = id] { end_if_busy(stuck); });
  }
}

void FtpSessions::end_if_busy(pid_t id) {
  const auto it = sessions_.find(id);
  if (it != sessions_.end() && it->second.busy) end(id, it->second, kTakenUpAgain);
}

void FtpSessions::look_at_the_waiting(Site& site) {
  const std::uint64_t size = site.place.content ? site.place.content->size() : 0;
  const bool whole = site.given.whole(size);
  if (site.waiting.empty() || (!whole && is_busy(site))) return;
  for (Event& event : std::exchange(site.waiting, {})) {
    if (whole) {
      event.bytes = size;
      event.sha256 = base::sha256_hex(*site.place.content);
    } else {
      event.kind = EventKind::failed;
      event.reason = kOnlyTheEnd;
    }
    tell_(std::move(event));
  }
  if (whole) site.given.clear();
}

bool FtpSessions::is_busy(const Site& site) const {
  return std::any_of(sessions_.begin(), sessions_.end(), [&](const auto& entry) {
    return entry.second.site.get() == &site && (entry.second.busy || entry.second.unconfirmed);
  });
}

void FtpSessions::doubt(Session& session) {
  session.unconfirmed = false;
  loop_.cancel(session.timer);
  if (session.file >= 0) ::close(std::exchange(session.file, -1));
  // What it has of a download, a client knows that goes on later.
  if (session.site->place.way == Way::download) given(session, session.site->place.content->size());
  failed(session, session.complete.name, session.complete.bytes,
         "the client closed its connections without waiting for the end of the transfer (226), so "
         "nobody can know whether the file is whole");
  look_at_the_waiting(*session.site);
}

// Stops nothing itself: proftpd holds the transfer back. Called again with every sign of life.
void FtpSessions::hold_soon(pid_t id, Session& session) {
  if (session.held) return;
  loop_.cancel(session.timer);
  session.timer = loop_.after(kQuiet, [this, id] { hold(id); });
}

void FtpSessions::hold(pid_t id) {
  const auto it = sessions_.find(id);
  if (it == sessions_.end() || !it->second.busy || !it->second.site) return;
  Session& session = it->second;
  session.held = true;
  if (session.site->place.conduct == Conduct::broken) return end(id, session, reasons::kDropped);
  // From here on truly nothing moves, and nobody notices when the client leaves: so it is looked.
  ::kill(id, SIGSTOP);
  watch_the_client(id);
}

void FtpSessions::watch_the_client(pid_t id) {
  const auto it = sessions_.find(id);
  if (it == sessions_.end() || !it->second.reason.empty()) return;
  if (!look_at(it->second.control).open) return end(id, it->second, reasons::kClientLeft);
  it->second.timer = loop_.after(kQuiet, [this, id] { watch_the_client(id); });
}

// SIGTERM makes a session write down how far its transfer has come.
void FtpSessions::end(pid_t id, Session& session, const std::string& reason) {
  // Its number may be another process's by now; and of what died by itself the cause is not ours.
  if (session.gone || has_died(id)) return;
  if (session.reason.empty()) session.reason = reason;
  ::kill(id, SIGTERM);
  ::kill(id, SIGCONT);
  loop_.cancel(session.timer);
  session.timer = loop_.after(kGrace, [id] { ::kill(id, SIGKILL); });
}

std::uint64_t FtpSessions::size_on_disk(const Session& session) const {
  struct stat facts {};
  const std::string path = session.site->folder + "/" + session.name;
  const bool known = session.site->place.way == Way::upload && ::stat(path.c_str(), &facts) == 0;
  return known ? static_cast<std::uint64_t>(facts.st_size) : 0;
}

void FtpSessions::ended(pid_t id, int wait_status, const std::string& said) {
  const auto it = sessions_.find(id);
  if (it == sessions_.end()) return;
  Session& session = it->second;
  const std::string how = describe_end(wait_status);
  loop_.cancel(session.timer);
  session.gone = true;
  if (session.busy) {
    failed(session, session.name, size_on_disk(session),
           "the process of the FTP server was " + (how.empty() ? "over" : how) +
               " before the transfer was",
           true);
    look_at_the_waiting(*session.site);
  }
  // Before anybody logs in nothing can go wrong but the server itself.
  if (!session.site && !how.empty() && session.reason.empty()) {
    for (const auto& [user, site] : sites_) {
      session.site = site;
      failed(session, site->place.name, 0,
             "the FTP server could not serve a connection, it was " + how +
                 (said.empty() ? "" : ": " + said),
             true);
    }
  }
  if (session.unconfirmed) return confirm(id);
  forget(id);
}

void FtpSessions::forget(pid_t id) {
  const auto it = sessions_.find(id);
  loop_.cancel(it->second.timer);
  ::close(it->second.control);
  sessions_.erase(it);
}

}  // namespace plugproof::transfer
