// What is said on one HTTP connection, from the first request to the end. It runs on the
// connection's own thread and blocks there; events leave it through Tell. cpp-httplib reads
// requests and writes responses; what is served, and when it is complete, is decided here.
#pragma once

#include <httplib.h>

#include <memory>
#include <string>

#include "engine/transfer/http_places.hpp"
#include "engine/transfer/upload_store.hpp"

namespace plugproof::transfer {

class HttpConversation : private httplib::Server {
 public:
  HttpConversation(HttpSocket& socket, HttpPlaces& places, UploadStore& uploads, const Tell& tell,
                   std::uint64_t largest_upload);

  void run();

 private:
  void prepare(httplib::Request& request);
  // Decides whether a request may go on; else the response is filled in and the body, if any,
  // stays unread.
  bool admit(const httplib::Request& request, httplib::Response& response);
  bool admit_upload(const httplib::Request& request, httplib::Response& response);
  bool refuse(httplib::Response& response, int status);
  bool missing(httplib::Response& response);

  void download(const httplib::Request& request, httplib::Response& response);
  void send(httplib::Response& response, std::uint64_t begin, std::uint64_t size, bool is_range);
  bool send_piece(HttpTransfer& transfer, std::uint64_t begin, std::uint64_t& sent,
                  std::uint64_t length, httplib::DataSink& sink);
  void settle(HttpTransfer& transfer, std::uint64_t begin, std::uint64_t sent, bool written);
  void upload(const httplib::Request& request, httplib::Response& response,
              const httplib::ContentReader& reader);

  HttpSocket& socket_;
  HttpPlaces& places_;
  UploadStore& uploads_;
  const Tell& tell_;
  const std::uint64_t largest_upload_;

  // Of the request under way.
  std::string path_, content_type_;
  httplib::Ranges ranges_;
  bool has_body_ = false, body_read_ = false;
  std::shared_ptr<HttpPlace> place_;
  std::string name_;        // behind the folder; may be empty
  bool abandoned_ = false;  // the connection is of no use any more
};

}  // namespace plugproof::transfer
