#include "engine/transfer/http_conversation.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

#include "engine/base/sha256.hpp"
#include "engine/base/time.hpp"
#include "engine/transfer/http_upload.hpp"

namespace plugproof::transfer {

namespace {

constexpr int kMostRequests = 1000;  // on one connection
constexpr HttpSocket::Span kIdle = std::chrono::seconds(60);
constexpr std::size_t kLongestPath = 1024;
constexpr std::size_t kPiece = 64 * 1024;  // bytes between two looks at the connection

std::optional<std::uint64_t> whole_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

// `/folder/name`, however many slashes a client puts together; nothing when there are more
// segments.
bool split_path(const std::string& path, std::string& folder, std::string& name) {
  std::vector<std::string> segments;
  std::string segment;
  for (const char c : path + "/") {
    if (c != '/') {
      segment.push_back(c);
    } else if (!segment.empty()) {
      segments.push_back(std::exchange(segment, {}));
    }
  }
  if (segments.empty() || segments.size() > 2) return false;
  folder = segments.front();
  name = segments.size() == 2 ? segments.back() : "";
  return true;
}

}  // namespace

HttpConversation::HttpConversation(HttpSocket& socket, HttpPlaces& places, UploadStore& uploads,
                                   const Tell& tell, std::uint64_t largest_upload)
    : socket_(socket),
      places_(places),
      uploads_(uploads),
      tell_(tell),
      largest_upload_(largest_upload) {
  // cpp-httplib stops writing when it believes that its listening socket is gone; ours is
  // elsewhere.
  svr_sock_ = socket_.socket();
  set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
    if (!admit(request, response)) return HandlerResponse::Handled;
    if (place_->place.way == Way::upload) return HandlerResponse::Unhandled;
    download(request, response);
    return HandlerResponse::Handled;
  });
  set_expect_100_continue_handler(
      [this](const httplib::Request& request, httplib::Response& response) {
        return admit(request, response) ? 100 : response.status;
      });
  const auto upload_handler = [this](const httplib::Request& request, httplib::Response& response,
                                     const httplib::ContentReader& reader) {
    upload(request, response, reader);
  };
  Put("/", upload_handler);
  Post("/", upload_handler);
}

void HttpConversation::run() {
  for (int count = 1; count <= kMostRequests && socket_.wait_for_request(kIdle); ++count) {
    abandoned_ = has_body_ = body_read_ = false;
    bool ends = false;
    const bool went_well = process_request(socket_, count == kMostRequests, ends,
                                           [this](httplib::Request& request) { prepare(request); });
    // An answer that came before the body: the client may still be sending it.
    if (has_body_ && !body_read_ && !abandoned_) return socket_.drain();
    if (!went_well || ends || abandoned_) break;
  }
  if (!abandoned_) socket_.drain();
}

// Takes out of the request what cpp-httplib would act upon by itself: paths that its regular
// expressions would walk, ranges that it would apply without looking at their bounds, bodies that
// it would decode or take apart.
void HttpConversation::prepare(httplib::Request& request) {
  path_ = std::exchange(request.path, "/");
  ranges_ = std::exchange(request.ranges, {});
  content_type_ = request.get_header_value("Content-Type");
  request.headers.erase("Content-Type");
  request.headers.erase("Content-Encoding");
  has_body_ =
      request.has_header("Transfer-Encoding") ||
      (request.has_header("Content-Length") && request.get_header_value("Content-Length") != "0");
}

bool HttpConversation::refuse(httplib::Response& response, int status) {
  response.status = status;
  if (has_body_) response.set_header("Connection", "close");
  return false;
}

bool HttpConversation::missing(httplib::Response& response) {
  HttpTransfer transfer(place_, socket_, tell_);
  const Place& place = transfer.place();
  const bool is_download = place.way == Way::download;
  transfer.failed(is_download ? place.name : name_, 0,
                  is_download ? reasons::kNoFile : reasons::kNoFolder);
  return refuse(response, 404);
}

bool HttpConversation::admit(const httplib::Request& request, httplib::Response& response) {
  place_.reset();
  std::string folder;
  if (path_.size() > kLongestPath) return refuse(response, 414);
  if (!split_path(path_, folder, name_)) return refuse(response, 404);
  const auto found = places_.find(folder);
  if (!found) return refuse(response, 404);
  const Place& place = found->place;
  if (!place.user.empty()) {
    const auto wanted = httplib::make_basic_authentication_header(place.user, place.password);
    if (request.get_header_value("Authorization") != wanted.second) {
      response.set_header("WWW-Authenticate", "Basic realm=\"plugproof\", charset=\"UTF-8\"");
      return refuse(response, 401);
    }
  }
  const bool reads = request.method == "GET" || request.method == "HEAD";
  const bool writes = request.method == "PUT" || request.method == "POST";
  if (place.way == Way::download ? !reads : !writes) {
    response.set_header("Allow", place.way == Way::download ? "GET, HEAD" : "PUT, POST");
    return refuse(response, 405);
  }
  if (place.way == Way::download && name_ != place.name) return refuse(response, 404);
  place_ = found;
  if (place.conduct == Conduct::missing)
    return request.method == "HEAD" ? refuse(response, 404) : missing(response);
  return place.way == Way::download || admit_upload(request, response);
}

// Only a body whose end is marked can be known to be complete (RFC 9112 section 6.3).
bool HttpConversation::admit_upload(const httplib::Request& request, httplib::Response& response) {
  const bool chunked = request.has_header("Transfer-Encoding");
  if (chunked && (request.get_header_value("Transfer-Encoding") != "chunked" ||
                  request.has_header("Content-Length")))
    return refuse(response, 501);
  if (request.has_header("Content-Range")) return refuse(response, 400);
  if (chunked) return true;
  if (!request.has_header("Content-Length")) return refuse(response, 411);
  const auto length = whole_number(request.get_header_value("Content-Length"));
  if (!length || request.get_header_value_count("Content-Length") != 1)
    return refuse(response, 400);
  if (*length > largest_upload_) {
    HttpTransfer(place_, socket_, tell_).failed(name_, 0, too_large(largest_upload_), true);
    return refuse(response, 413);
  }
  return true;
}

void HttpConversation::download(const httplib::Request& request, httplib::Response& response) {
  const std::uint64_t size = place_->place.content->size();
  response.set_header("Accept-Ranges", "bytes");
  // Several ranges at once may be answered with the whole (RFC 9110 section 14.2).
  std::uint64_t begin = 0, end = size;
  const bool is_range = ranges_.size() == 1;
  if (is_range) {
    const auto [first, last] = ranges_.front();
    if (first < 0) {
      begin = size - std::min<std::uint64_t>(size, static_cast<std::uint64_t>(last));
    } else {
      begin = static_cast<std::uint64_t>(first);
      if (last >= 0) end = std::min<std::uint64_t>(size, static_cast<std::uint64_t>(last) + 1);
    }
    if (begin >= end) {
      response.set_header("Content-Range", "bytes */" + std::to_string(size));
      response.status = 416;
      return;
    }
    response.set_header("Content-Range", "bytes " + std::to_string(begin) + "-" +
                                             std::to_string(end - 1) + "/" + std::to_string(size));
  }
  response.status = is_range ? 206 : 200;
  if (request.method == "HEAD") {
    response.set_header("Content-Type", "application/octet-stream");
    response.set_header("Content-Length", std::to_string(end - begin));
    return;
  }
  send(response, begin, end - begin, is_range);
}

void HttpConversation::send(httplib::Response& response, std::uint64_t begin, std::uint64_t length,
                            bool is_range) {
  const auto transfer = std::make_shared<HttpTransfer>(place_, socket_, tell_);
  bool goes_on = false;
  {
    const std::scoped_lock lock(place_->mutex);
    goes_on = is_range && place_->in_pieces;
    place_->in_pieces = is_range;
  }
  if (!goes_on) transfer->started(place_->place.name);
  if (length == 0) {
    response.set_header("Content-Type", "application/octet-stream");
    return settle(*transfer, 0, 0, true);
  }
  const auto sent = std::make_shared<std::uint64_t>(0);
  response.set_content_provider(
      length, "application/octet-stream",
      [=, this](std::size_t, std::size_t left, httplib::DataSink& sink) {
        return send_piece(*transfer, begin, *sent, left, sink);
      },
      [=, this](bool written) { settle(*transfer, begin, *sent, written); });
}

bool HttpConversation::send_piece(HttpTransfer& transfer, std::uint64_t begin, std::uint64_t& sent,
                                  std::uint64_t left, httplib::DataSink& sink) {
  const Place& place = transfer.place();
  std::uint64_t piece = std::min<std::uint64_t>(left, kPiece);
  if (place.conduct == Conduct::broken || place.conduct == Conduct::stalled) {
    if (sent >= place.after) {
      if (place.conduct == Conduct::stalled) {
        socket_.wait_for_the_end();
      } else if (socket_.wait_until_taken()) {
        socket_.reset();
      }
      return false;
    }
    piece = std::min(piece, place.after - sent);
  }
  if (!sink.write(place.content->data() + begin + sent, piece)) return false;
  {
    // At once: who goes on with a range on another connection may be faster than the end of this.
    const std::scoped_lock lock(transfer.at().mutex);
    transfer.at().given.add(begin + sent, begin + sent + piece);
  }
  sent += piece;
  return true;
}

// Says how a download ended. What was written counts as given: where a client breaks off and goes
// on later with a range, it is the client that knows what it has.
void HttpConversation::settle(HttpTransfer& transfer, std::uint64_t begin, std::uint64_t sent,
                              bool written) {
  const Place& place = transfer.place();
  const std::uint64_t size = place.content->size();
  const bool taken = written && socket_.wait_until_taken();
  bool whole = false;
  {
    const std::scoped_lock lock(transfer.at().mutex);
    transfer.at().given.add(begin, begin + sent);  // another download may have ended meanwhile
    whole = taken && transfer.at().given.whole(size);
    if (!taken || whole) transfer.at().in_pieces = false;
    if (whole) transfer.at().given.clear();
  }
  if (!taken) {
    abandoned_ = true;
    const bool on_purpose = place.conduct == Conduct::broken && sent >= place.after && !written;
    return transfer.failed(place.name, sent, on_purpose ? reasons::kDropped : reasons::kClientLeft);
  }
  if (!whole) return;  // a range; others may follow
  Event event = transfer.event(EventKind::done, place.name, size);
  event.sha256 = base::sha256_hex(*place.content);
  transfer.tell(std::move(event));
}

void HttpConversation::upload(const httplib::Request& request, httplib::Response& response,
                              const httplib::ContentReader& reader) {
  HttpUpload upload({place_, socket_, uploads_, tell_, largest_upload_}, name_, content_type_);
  const bool whole = reader(
      [&](const char* data, std::size_t size) { return upload.add(std::string_view(data, size)); });
  body_read_ = whole;
  // See HttpSocket::read_an_empty_line.
  const bool chunked = request.has_header("Transfer-Encoding");
  response.status = upload.finish(whole && (!chunked || socket_.read_an_empty_line()));
  if (!whole) response.set_header("Connection", "close");
  abandoned_ = upload.abandoned();
}

}  // namespace plugproof::transfer
