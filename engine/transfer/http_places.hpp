// The places of an HTTP server, shared by the clock's thread, which opens and closes them, and the
// threads of the connections, which look them up.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "engine/transfer/coverage.hpp"
#include "engine/transfer/http_socket.hpp"
#include "engine/transfer/place.hpp"

namespace plugproof::transfer {

struct HttpPlace {
  explicit HttpPlace(Place p) : place(std::move(p)) {}

  const Place place;
  std::mutex mutex;  // of all below
  bool closed = false;
  std::set<HttpSocket*> busy;  // connections with a transfer here
  Coverage given;              // of an offer
  bool in_pieces = false;      // a download in ranges goes on: the next range is no new start
};

class HttpPlaces {
 public:
  void open(Place place) {
    const std::scoped_lock lock(mutex_);
    const std::string folder = place.folder;
    places_[folder] = std::make_shared<HttpPlace>(std::move(place));
  }
  // Cuts off what is under way there; false when the place is not here.
  bool close(PlaceId id) {
    const std::scoped_lock lock(mutex_);
    for (auto it = places_.begin(); it != places_.end(); ++it) {
      if (it->second->place.id != id) continue;
      {
        const std::scoped_lock place_lock(it->second->mutex);
        it->second->closed = true;
        for (HttpSocket* socket : it->second->busy) socket->cut();
      }
      places_.erase(it);
      return true;
    }
    return false;
  }
  std::shared_ptr<HttpPlace> find(const std::string& folder) {
    const std::scoped_lock lock(mutex_);
    const auto it = places_.find(folder);
    return it == places_.end() ? nullptr : it->second;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<HttpPlace>> places_;
};

// A transfer under way: while it lives, closing its place cuts its connection off.
class HttpTransfer {
 public:
  HttpTransfer(std::shared_ptr<HttpPlace> place, HttpSocket& socket, const Tell& tell)
      : place_(std::move(place)), socket_(socket), tell_(tell) {
    const std::scoped_lock lock(place_->mutex);
    place_->busy.insert(&socket_);
    if (place_->closed) socket_.cut();
  }
  ~HttpTransfer() {
    const std::scoped_lock lock(place_->mutex);
    place_->busy.erase(&socket_);
  }
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  HttpPlace& at() { return *place_; }
  const Place& place() const { return place_->place; }

  Event event(EventKind kind, const std::string& name, std::uint64_t bytes) const {
    Event event = event_of(place_->place, kind);
    event.name = presentable(name);
    event.bytes = bytes;
    event.remote = socket_.remote();
    return event;
  }
  void started(const std::string& name) { tell_(event(EventKind::started, name, 0)); }
  // `reason`: as the transfer knows it; a place that was closed meanwhile is the better one.
  void failed(const std::string& name, std::uint64_t bytes, const std::string& reason,
              bool bench = false) {
    Event failure = event(EventKind::failed, name, bytes);
    failure.reason = socket_.is_cut() ? reasons::kClosed : reason;
    failure.bench = bench && !socket_.is_cut();
    tell_(std::move(failure));
  }
  void tell(Event event) { tell_(std::move(event)); }

 private:
  std::shared_ptr<HttpPlace> place_;
  HttpSocket& socket_;
  const Tell& tell_;
};

}  // namespace plugproof::transfer
