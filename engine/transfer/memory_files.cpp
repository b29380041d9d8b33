#include "engine/transfer/memory_files.hpp"

#include <algorithm>
#include <utility>

#include "engine/base/sha256.hpp"

namespace plugproof::transfer {

using base::Nanos;

namespace {

// Explicit FTPS begins as FTP (RFC 4217), so it has the scheme of FTP.
const char* scheme_of(Protocol protocol) {
  switch (protocol) {
    case Protocol::http:
      return "http";
    case Protocol::https:
      return "https";
    case Protocol::ftp:
    case Protocol::ftps:
      return "ftp";
    case Protocol::ftps_implicit:
      return "ftps";
  }
  return "";
}

struct Place {
  Way way = Way::download;
  std::string url;
  std::string name;  // of an offer
  Protocol protocol = Protocol::http;
  std::shared_ptr<const std::string> content;
  Conduct conduct = Conduct::whole;
  std::uint64_t after = 0;
};

// One transfer at the server's side.
struct Running {
  PlaceId place = 0;
  Event event;  // what would be told of it now
  std::string content;
  std::uint64_t goal = 0;  // bytes after which something happens
  Nanos begun{0};
  base::Clock::Timer timer = base::Clock::Timer::none;
  std::function<void(Fetched)> answer;  // the client's end; nothing is told once it is gone
};

}  // namespace

struct MemoryFiles::Server {
  Server(base::Clock& c, Options o)
      : clock(c),
        options(std::move(o)),
        password(base::sha256_hex("password " + std::to_string(options.seed)).substr(0, 24)) {}

  using TransferId = std::uint64_t;

  Opened open(Place place, const std::string& last) {
    const bool served = std::find(options.protocols.begin(), options.protocols.end(),
                                  place.protocol) != options.protocols.end();
    if (!served)
      return {
          0, {}, std::string("the servers in memory do not speak ") + to_string(place.protocol)};
    const PlaceId id = ++last_place;
    place.url = std::string(scheme_of(place.protocol)) + "://plugproof:" + password + "@memory/" +
                std::to_string(id) + "/" + last;
    const std::string url = place.url;
    places.emplace(id, std::move(place));
    return {id, url, {}};
  }

  // A client that has found the way here. The identity of its transfer; 0: nobody answers.
  TransferId begin(const std::string& url, Way way, const std::string& name, std::string content,
                   std::function<void(Fetched)> answer) {
    const auto found = std::find_if(places.begin(), places.end(), [&](const auto& entry) {
      return entry.second.way == way && entry.second.url == url;
    });
    if (found == places.end()) return 0;
    const auto& [place_id, place] = *found;
    const TransferId id = ++last_transfer;
    Running& running = transfers[id];
    running.place = place_id;
    if (way == Way::download)
      running.content = *place.content;
    else
      running.content = std::move(content);
    running.begun = clock.now();
    running.answer = std::move(answer);
    running.event.way = way;
    running.event.place = place_id;
    running.event.protocol = place.protocol;
    running.event.name = way == Way::download ? place.name : name;
    running.event.remote = "memory";
    if (place.conduct == Conduct::missing) {
      const char* why = way == Way::download ? "there is no such file" : "the folder takes nothing";
      running.timer = clock.after(Nanos{0}, [this, id, why] { fail(id, why); });
      return id;
    }
    const std::uint64_t size = running.content.size();
    const bool cut = place.conduct != Conduct::whole && place.after < size;
    running.goal = cut ? place.after : size;
    tell(running, EventKind::started);
    const double seconds =
        static_cast<double>(running.goal) / static_cast<double>(options.bytes_per_second);
    running.timer =
        clock.after(base::from_seconds(seconds), [this, id, cut, conduct = place.conduct] {
          transfers.at(id).timer = base::Clock::Timer::none;  // that far it has come
          if (!cut) return finish(id);
          if (conduct == Conduct::broken) fail(id, "the connection was dropped on purpose");
        });
    return id;
  }

  void finish(TransferId id) {
    Running done = take(id);
    done.event.bytes = done.content.size();
    done.event.sha256 = base::sha256_hex(done.content);
    if (done.event.way == Way::upload) {
      const Kept place = options.keep ? options.keep(done.event.name, done.content) : keep(done);
      if (!place.reason.empty()) return fail(std::move(done), place.reason);
      done.event.kept = place.path;
    }
    tell(done, EventKind::done);
    if (done.answer)
      done.answer({true, done.event.way == Way::download ? std::move(done.content) : "", {}});
  }

  MemoryFiles::Kept keep(const Running& done) {
    std::string path = "uploads/" + std::to_string(done.place) + "/" + done.event.name;
    kept[path] = done.content;
    return {std::move(path), {}};
  }

  void fail(TransferId id, const std::string& reason) { fail(take(id), reason); }

  void fail(Running done, const std::string& reason) {
    done.event.bytes = moved(done);
    done.event.reason = reason;
    tell(done, EventKind::failed);
    if (done.answer) done.answer({false, {}, reason});
  }

  void close(PlaceId place) {
    places.erase(place);
    std::vector<TransferId> cut;
    for (const auto& [id, running] : transfers)
      if (running.place == place) cut.push_back(id);
    for (const TransferId id : cut) fail(id, "the server ended the transfer");
  }

  // The client is gone: it is told nothing, the handler is.
  void abandon(TransferId id) {
    const auto it = transfers.find(id);
    if (it == transfers.end()) return;
    it->second.answer = nullptr;
    fail(id, "the client gave the transfer up");
  }

  Running take(TransferId id) {
    const auto it = transfers.find(id);
    clock.cancel(it->second.timer);
    Running running = std::move(it->second);
    transfers.erase(it);
    return running;
  }

  std::uint64_t moved(const Running& running) const {
    if (running.timer == base::Clock::Timer::none) return running.goal;
    const double seconds = base::to_seconds(clock.now() - running.begun);
    const auto sent =
        static_cast<std::uint64_t>(seconds * static_cast<double>(options.bytes_per_second));
    return std::min(sent, running.goal);
  }

  // Not from inside the call that caused it.
  void tell(const Running& running, EventKind kind) {
    Event event = running.event;
    event.kind = kind;
    event.at = clock.now();
    clock.post([this, alive = std::weak_ptr<const bool>(alive), event] {
      if (!alive.expired() && handler) handler(event);
    });
  }

  base::Clock& clock;
  Options options;
  std::string password;
  Handler handler;
  std::map<PlaceId, Place> places;
  std::map<TransferId, Running> transfers;
  std::map<std::string, std::string> kept;
  PlaceId last_place = 0;
  TransferId last_transfer = 0;
  std::shared_ptr<const bool> alive = std::make_shared<const bool>(true);
};

namespace {

class MemoryFileClient final : public FileClient {
 public:
  MemoryFileClient(base::Clock& clock, Nanos latency, std::weak_ptr<MemoryFiles::Server> server)
      : clock_(clock), latency_(latency), server_(std::move(server)) {}
  ~MemoryFileClient() override { cancel(); }

  void download(const std::string& url, Done done) override {
    begin(url, Way::download, {}, {}, std::move(done));
  }
  void upload(const std::string& folder, const std::string& name, std::string content,
              Done done) override {
    begin(folder, Way::upload, name, std::move(content), std::move(done));
  }
  void cancel() override {
    alive_ = std::make_shared<const bool>(true);  // what is under way finds nobody any more
    const auto server = server_.lock();
    if (server && transfer_ != 0) server->abandon(transfer_);
    transfer_ = 0;
  }

 private:
  void begin(const std::string& url, Way way, const std::string& name, std::string content,
             Done done) {
    cancel();
    const auto answer = [this, done = std::move(done),
                         alive = std::weak_ptr<const bool>(alive_)](Fetched result) {
      if (alive.expired()) return;
      transfer_ = 0;
      after_latency([done, result = std::move(result)] { done(result); });
    };
    after_latency([this, url, way, name, content = std::move(content), answer] {
      const auto server = server_.lock();
      transfer_ = server ? server->begin(url, way, name, content, answer) : 0;
      if (transfer_ == 0) answer({false, {}, "nobody answers there"});
    });
  }

  void after_latency(std::function<void()> call) {
    clock_.after(latency_, [alive = std::weak_ptr<const bool>(alive_), call = std::move(call)] {
      if (!alive.expired()) call();
    });
  }

  base::Clock& clock_;
  Nanos latency_;
  std::weak_ptr<MemoryFiles::Server> server_;
  std::uint64_t transfer_ = 0;  // at the server; 0: none
  std::shared_ptr<const bool> alive_ = std::make_shared<const bool>(true);
};

}  // namespace

MemoryFiles::MemoryFiles(base::Clock& clock) : MemoryFiles(clock, Options()) {}

MemoryFiles::MemoryFiles(base::Clock& clock, Options options)
    : server_(std::make_shared<Server>(clock, std::move(options))) {}

MemoryFiles::~MemoryFiles() {
  server_->handler = nullptr;
  while (!server_->places.empty()) server_->close(server_->places.begin()->first);
}

void MemoryFiles::on_event(Handler handler) {
  server_->handler = std::move(handler);
}

std::vector<Protocol> MemoryFiles::protocols() const {
  return server_->options.protocols;
}

Opened MemoryFiles::offer(const Offer& offer) {
  Place place;
  place.way = Way::download;
  place.name = offer.name;
  place.protocol = offer.protocol;
  place.content = offer.content;
  place.conduct = offer.conduct;
  place.after = offer.after;
  return server_->open(std::move(place), offer.name);
}

Opened MemoryFiles::receive(const Inbox& inbox) {
  Place place;
  place.way = Way::upload;
  place.protocol = inbox.protocol;
  place.conduct = inbox.conduct;
  place.after = inbox.after;
  return server_->open(std::move(place), "");
}

void MemoryFiles::close(PlaceId place) {
  server_->close(place);
}

FileClientFactory MemoryFiles::clients() {
  Server* server = server_.get();
  return [&clock = server->clock, latency = server->options.latency,
          weak = std::weak_ptr<Server>(server_)] {
    return std::make_unique<MemoryFileClient>(clock, latency, weak);
  };
}

const std::map<std::string, std::string>& MemoryFiles::uploads() const {
  return server_->kept;
}

}  // namespace plugproof::transfer
