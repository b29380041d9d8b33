#include "engine/transfer/ftp_server.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <asio/buffer.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstring>
#include <deque>
#include <fstream>
#include <map>
#include <system_error>
#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/link/listener.hpp"
#include "engine/transfer/folder_watch.hpp"
#include "engine/transfer/ftp_folder.hpp"
#include "engine/transfer/ftp_record.hpp"
#include "engine/transfer/ftp_sessions.hpp"
#include "engine/transfer/upload_keeper.hpp"

namespace plugproof::transfer {

namespace {

constexpr std::size_t kMostSessions = 32;

[[noreturn]] void refuse(const std::string& what, int error) {
  throw base::InputError(what + ": " + std::strerror(error));
}

// The FIFO that every session writes its log into. Opened both ways, so that it never ends.
int open_log(const std::string& path, const Account& account) {
  if (::mkfifo(path.c_str(), 0600) != 0) refuse("cannot make " + path, errno);
  if (account.changes && ::chown(path.c_str(), account.user_id, account.group_id) != 0)
    refuse("cannot give away " + path, errno);
  const int log = ::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (log < 0) refuse("cannot open " + path, errno);
  return log;
}

std::string last_line(const std::string& path) {
  std::ifstream in(path);
  std::string line, last;
  while (std::getline(in, line))
    if (!line.empty()) last = line;
  return last;
}

}  // namespace

class FtpServer::Impl {
 public:
  Impl(base::EventLoop& loop, Options options, FtpProgram program, UploadStore& uploads, Tell tell)
      : loop_(loop),
        options_(std::move(options)),
        program_(std::move(program)),
        tell_(std::move(tell)),
        folder_(options_.folder, program_.account),
        keeper_(uploads, tell_),
        sessions_(loop_, tell_, keeper_),
        log_(loop.context(), open_log(ftp_log_path(folder_.path()), program_.account)),
        watch_(loop, [this] { look(); }) {
    write_private(errors_path(), "", program_.account);
    if (options_.certificate)
      write_ftp_certificate(folder_.path(), *options_.certificate, program_.account);
    wait_for_log();
  }

  ~Impl() {
    for (auto& [protocol, listener] : listeners_) listener->stop();
    for (auto& [session, life] : lives_) life->close();
  }

  std::uint16_t open(Place place) {
    const Protocol protocol = place.protocol;
    throw_if_not_listening(protocol);
    FtpPlace entry{std::move(place), {}, {}};
    entry.root = folder_.make_place(entry.place);
    entry.password_hash = hash_password(entry.place.password);
    const PlaceId id = entry.place.id;
    try {
      const std::string folder = entry.root + "/" + entry.place.folder;
      const auto watch =
          watch_.add(folder, entry.place.way == Way::download ? FolderWatch::Of::reading
                                                              : FolderWatch::Of::writing);
      sessions_.open(entry.place, folder, watch);
      places_.emplace(id, Open{std::move(entry), watch});
      write_files();
    } catch (const base::InputError&) {
      close(id);
      throw;
    }
    return listeners_.at(protocol)->endpoint().port();
  }

  bool close(PlaceId id) {
    const auto it = places_.find(id);
    if (it == places_.end()) return false;
    look();
    sessions_.close(id);
    watch_.remove(it->second.watch);
    folder_.remove_place(it->second.entry.root);
    places_.erase(it);
    try {
      write_files();
    } catch (const base::InputError&) {
      // The place is gone from the disk already; its user finds nothing.
    }
    return true;
  }

 private:
  struct Open {
    FtpPlace entry;
    FolderWatch::Folder watch = -1;
  };

  std::string errors_path() const { return folder_.path() + "/errors"; }

  std::uint16_t port_for(Protocol protocol) const {
    return protocol == Protocol::ftp    ? options_.ftp_port
           : protocol == Protocol::ftps ? options_.ftps_port
                                        : options_.ftps_implicit_port;
  }

  void throw_if_not_listening(Protocol protocol) {
    if (listeners_.count(protocol) != 0) return;
    auto listener = std::make_shared<link::Listener>(
        loop_.context(), options_.settings.address, port_for(protocol),
        link::Listener::Handlers{
            [this, protocol](asio::ip::tcp::socket socket) { serve(protocol, std::move(socket)); },
            {}});
    listeners_[protocol] = listener;
    try {
      write_files();
      test(protocol);
    } catch (const base::InputError&) {
      listener->stop();
      listeners_.erase(protocol);
      throw;
    }
    listener->start();
  }

  // Better now than at the first connection.
  void test(Protocol protocol) const {
    std::string printed;
    try {
      if (run_to_end(program_.path, {"-t", "-c", ftp_configuration_path(folder_.path(), protocol)},
                     program_.account, printed))
        return;
    } catch (const std::system_error& error) {
      printed = error.what();
    }
    const auto end = printed.find_last_not_of('\n');
    const auto begin = printed.rfind('\n', end);
    throw base::InputError("proftpd does not accept its configuration: " +
                           printed.substr(begin == std::string::npos ? 0 : begin + 1));
  }

  void write_files() const {
    std::vector<const FtpPlace*> places;
    for (const auto& [id, open] : places_) places.push_back(&open.entry);
    for (const auto& [protocol, listener] : listeners_)
      write_ftp_configuration(folder_.path(), protocol, listener->endpoint().port(),
                              options_.settings, program_.account, places, options_.certificate);
    write_ftp_users(folder_.path(), program_.account, places);
  }

  void serve(Protocol protocol, asio::ip::tcp::socket socket) {
    std::error_code error;
    const auto peer = socket.remote_endpoint(error);
    if (error || sessions_.count() >= kMostSessions) return;
    const int control = socket.release(error);
    if (error) return;
    ::fcntl(control, F_SETFD, FD_CLOEXEC);
    ::fcntl(control, F_SETFL, ::fcntl(control, F_GETFL) & ~O_NONBLOCK);
    const int errors = ::open(errors_path().c_str(), O_WRONLY | O_APPEND | O_CLOEXEC);
    pid_t session = -1;
    try {
      session = start({program_.path,
                       {"-c", ftp_configuration_path(folder_.path(), protocol)},
                       control,
                       errors},
                      program_.account);
    } catch (const std::system_error&) {
      ::close(control);  // no process to be had: the client sees a closed connection
    }
    if (errors >= 0) ::close(errors);
    if (session < 0) return;
    sessions_.begin(session, control, peer.address().to_string());
    follow(session);
  }

  void follow(pid_t session) {
    // A process's descriptor becomes readable when the process ends. By number, since glibc 2.36
    // declares the function without C linkage.
    const auto life = std::make_shared<asio::posix::stream_descriptor>(
        loop_.context(), static_cast<int>(::syscall(SYS_pidfd_open, session, 0)));
    lives_[session] = life;
    life->async_wait(asio::posix::stream_descriptor::wait_read,
                     [this, session, life,
                      alive = std::weak_ptr<const bool>(alive_)](const std::error_code& error) {
                       if (!error && !alive.expired()) ended(session);
                     });
  }

  void ended(pid_t session) {
    look();  // what it wrote before it ended
    int status = 0;
    while (::waitpid(session, &status, 0) < 0 && errno == EINTR) {
    }
    lives_.erase(session);
    const bool badly = !describe_end(status).empty();
    sessions_.ended(session, status, badly ? last_line(errors_path()) : std::string());
  }

  void wait_for_log() {
    log_.async_wait(
        asio::posix::stream_descriptor::wait_read,
        [this, alive = std::weak_ptr<const bool>(alive_)](const std::error_code& error) {
          if (error || alive.expired()) return;
          look();
          wait_for_log();
        });
  }

  void look() {
    std::array<char, 16384> chunk{};
    ssize_t count = 0;
    while ((count = ::read(log_.native_handle(), chunk.data(), chunk.size())) > 0)
      unread_.append(chunk.data(), static_cast<std::size_t>(count));
    std::deque<FtpRecord> records;
    std::size_t begin = 0;
    for (std::size_t end = 0; (end = unread_.find('\n', begin)) != std::string::npos;
         begin = end + 1)
      if (auto record = parse_ftp_record(std::string_view(unread_).substr(begin, end - begin)))
        records.push_back(std::move(*record));
    unread_.erase(0, begin);
    sessions_.happened(records, watch_.take());
  }

  base::EventLoop& loop_;
  const Options options_;
  const FtpProgram program_;
  const Tell tell_;
  FtpFolder folder_;
  UploadKeeper keeper_;
  FtpSessions sessions_;
  asio::posix::stream_descriptor log_;
  std::string unread_;  // of the log
  FolderWatch watch_;
  std::map<Protocol, std::shared_ptr<link::Listener>> listeners_;
  std::map<PlaceId, Open> places_;
  std::map<pid_t, std::shared_ptr<asio::posix::stream_descriptor>> lives_;
  // What the loop has still to run for us finds out that we are gone.
  const std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

FtpServer::FtpServer(base::EventLoop& loop, Options options, FtpProgram program,
                     UploadStore& uploads, Tell tell)
    : impl_(std::make_unique<Impl>(loop, std::move(options), std::move(program), uploads,
                                   std::move(tell))) {}
FtpServer::~FtpServer() = default;
std::uint16_t FtpServer::open(Place place) {
  return impl_->open(std::move(place));
}
bool FtpServer::close(PlaceId place) {
  return impl_->close(place);
}

}  // namespace plugproof::transfer
