// A laboratory's HTTP server as a rig, over the interface that the official tool calls too
// (lab_interface.hpp): one POST an operation, parameters in the query, no body. Any 2xx: done; 404,
// 405, 501, or an action that the interface has no words for: unsupported (the next adapter is
// asked); anything else: it failed, and what the server wrote says why.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/base/event_loop.hpp"
#include "engine/rig/rig.hpp"

namespace plugproof::rig {

// Where a side of the interface is served: scheme, host, port, and a path that goes before
// /api/v1/.
struct HttpBase {
  bool tls = false;
  std::string host;  // an IPv6 address without brackets
  std::uint16_t port = 80;
  std::string prefix;  // "" or "/rig", never with a slash at its end

  std::string url() const;
  // Nothing for a text that is no such URL; `problem` then says what is wrong with it.
  static std::optional<HttpBase> parse(const std::string& url, std::string& problem);
};

struct HttpSettings {
  std::optional<HttpBase> station, vehicle;
  std::string path = "/api/v1";        // between the two bases and an operation
  std::string token_type = "Central";  // what goes with an idTag as its type
  std::vector<std::pair<std::string, std::string>> headers;
  bool insecure = false;  // https without a look at the server's certificate
};

class HttpAdapter final : public Adapter {
 public:
  // `timeout`: for a connection, and for an answer, of one call. `settings` must have a station.
  HttpAdapter(base::EventLoop& loop, HttpSettings settings, base::Nanos timeout);
  ~HttpAdapter() override;

  std::string name() const override { return "http"; }
  void perform(const ActionInfo& action, const base::Value& arguments, Done done) override;
  void cancel() override;

 private:
  struct Call;

  base::EventLoop& loop_;
  std::shared_ptr<const HttpSettings> settings_;
  base::Nanos timeout_;
  std::shared_ptr<Call> call_;
};

}  // namespace plugproof::rig
