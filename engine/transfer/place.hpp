// What the servers share about a place: what it is, who may reach it, and how they tell of it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "engine/transfer/file_host.hpp"

namespace plugproof::transfer {

// An offer or an inbox with what the bench adds: credentials of its own and a folder that nobody
// can guess.
struct Place {
  PlaceId id = 0;
  Way way = Way::download;
  Protocol protocol = Protocol::http;
  Conduct conduct = Conduct::whole;
  std::uint64_t after = 0;                     // bytes, for broken and stalled
  std::string name;                            // of an offer's file
  std::shared_ptr<const std::string> content;  // of an offer
  std::string folder;                          // the only segment of the path before the name
  // Empty: none are asked for. The first letter of the user says what may be done there, which
  // proftpd goes by: (d)ownload, (u)pload, (n)othing.
  std::string user, password;
};

// Hands an event to the run's clock. May be called on any thread. An Event::at of zero means now.
using Tell = std::function<void(Event)>;

inline Event event_of(const Place& place, EventKind kind) {
  Event event;
  event.kind = kind;
  event.way = place.way;
  event.place = place.id;
  event.protocol = place.protocol;
  event.name = place.name;
  return event;
}

// Letters and digits that nobody can guess: six bits each, less a little.
std::string unguessable(std::size_t length);

// A name from outside as it may be shown and recorded: UTF-8 without control characters, at most
// 255 bytes; what does not fit is replaced by '_'. A name that is good already stays as it is.
std::string presentable(const std::string& name);

// What to do about a disk that takes no more.
inline constexpr const char* kMakeRoom = "; make room there, or name another folder with --out";

// Why a transfer failed, in the words that all servers share.
namespace reasons {
inline constexpr const char* kNoFile = "there is no such file";
inline constexpr const char* kNoFolder = "the folder takes nothing";
inline constexpr const char* kDropped = "the connection was dropped on purpose";
inline constexpr const char* kClosed = "the server ended the transfer";
inline constexpr const char* kClientLeft = "the client gave the transfer up";
}  // namespace reasons

}  // namespace plugproof::transfer
