#include "engine/rig/http.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <csignal>
#include <mutex>
#include <thread>

#include "engine/base/utf8.hpp"
#include "engine/rig/lab_interface.hpp"

namespace plugproof::rig {

using base::Nanos;
using base::Value;

namespace {

// Of an answer, for the reason of a failure. A server that goes on sending is not listened to.
constexpr std::size_t kMaxBody = 4096;
constexpr std::size_t kMaxReason = 200;

std::string first_line(const std::string& body) {
  const std::size_t begin = body.find_first_not_of("\r\n \t");
  if (begin == std::string::npos) return {};
  return base::one_line(body.substr(begin, body.find_first_of("\r\n", begin) - begin), kMaxReason);
}

std::string why(httplib::Error error, Nanos timeout) {
  switch (error) {
    case httplib::Error::Connection:
      return "cannot be reached";
    case httplib::Error::ConnectionTimeout:
      return "took no connection within " + base::format_duration(timeout);
    case httplib::Error::SSLConnection:
      return "made no TLS connection";
    case httplib::Error::SSLLoadingCerts:
      return "could not be verified: the system's certificates cannot be read";
    case httplib::Error::SSLServerVerification:
      return "has a certificate that is not trusted here";
    default:
      return "gave no HTTP answer within " + base::format_duration(timeout);
  }
}

// 404: no such operation; 405: not by POST; 501: not implemented (RFC 9110 section 15).
bool means_unsupported(int status) {
  return status == 404 || status == 405 || status == 501;
}

std::string host_header(const HttpBase& base) {
  const bool ipv6 = base.host.find(':') != std::string::npos;
  const std::string host = ipv6 ? "[" + base.host + "]" : base.host;
  return base.port == (base.tls ? 443 : 80) ? host : host + ":" + std::to_string(base.port);
}

}  // namespace

std::string HttpBase::url() const {
  return (tls ? "https://" : "http://") + host_header(*this) + prefix;
}

std::optional<HttpBase> HttpBase::parse(const std::string& url, std::string& problem) {
  const auto refuse = [&](const char* reason) {
    problem = reason;
    return std::nullopt;
  };
  HttpBase base;
  base.tls = url.rfind("https://", 0) == 0;
  if (!base.tls && url.rfind("http://", 0) != 0)
    return refuse("it must begin with http:// or https://");
  if (base.tls) base.port = 443;
  for (const char c : url)
    if (static_cast<unsigned char>(c) <= 0x20 || static_cast<unsigned char>(c) >= 0x7F)
      return refuse("it must not hold blanks or characters beyond ASCII");
  if (url.find_first_of("?#") != std::string::npos)
    return refuse("it must not hold ? or #; the parameters are ours");
  const std::size_t from = base.tls ? 8 : 7;
  const std::size_t slash = std::min(url.find('/', from), url.size());
  std::string authority = url.substr(from, slash - from);
  base.prefix = url.substr(slash);
  while (!base.prefix.empty() && base.prefix.back() == '/') base.prefix.pop_back();
  if (authority.find('@') != std::string::npos)
    return refuse("it must not hold a user and password; give them under headers");
  const std::size_t bracket = authority.rfind(']');
  const std::size_t colon = authority.find(':', bracket == std::string::npos ? 0 : bracket);
  if (colon != std::string::npos) {
    const std::string port = authority.substr(colon + 1);
    const bool digits = !port.empty() && port.size() <= 5 &&
                        port.find_first_not_of("0123456789") == std::string::npos;
    const int number = digits ? std::stoi(port) : 0;
    if (number < 1 || number > 65535) return refuse("its port must be a number from 1 to 65535");
    base.port = static_cast<std::uint16_t>(number);
    authority.resize(colon);
  }
  if (authority.size() > 2 && authority.front() == '[' && authority.back() == ']')
    authority = authority.substr(1, authority.size() - 2);
  if (authority.empty()) return refuse("it has no host");
  base.host = std::move(authority);
  static const std::string kVersion = "/api/v1";
  const std::string& prefix = base.prefix;
  if (prefix.size() >= kVersion.size() &&
      prefix.compare(prefix.size() - kVersion.size(), kVersion.size(), kVersion) == 0)
    return refuse("leave /api/v1 out; it is put behind the URL");
  return base;
}

// One action. The calls are made on a thread of its own, which lives as long as they take and
// shares this with the adapter; whoever comes last frees it. What only the loop's thread may touch:
// `done`.
struct HttpAdapter::Call : std::enable_shared_from_this<HttpAdapter::Call> {
  std::shared_ptr<const HttpSettings> settings;
  std::vector<LabCall> calls;
  Nanos timeout{0};
  Done done;

  std::mutex mutex;
  base::EventLoop* loop;  // to answer to; nullptr: given up
  int socket = -1;        // our duplicate of the socket in use, by which a wait on it can be ended

  explicit Call(base::EventLoop& l) : loop(&l) {}
  ~Call() { release_socket(); }

  // On the thread.
  void work() {
    // Signals belong to the loop's thread; a pipe that breaks is an error of the call.
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);
    Result result;
    for (const auto& call : calls) {
      result = post(call);
      if (result.outcome != Outcome::done) break;
    }
    answer(std::move(result));
  }

  void answer(Result result) {
    const std::lock_guard<std::mutex> lock(mutex);
    release_socket();
    if (!loop) return;
    asio::post(loop->context(), [self = shared_from_this(), result = std::move(result)] {
      if (auto callback = std::exchange(self->done, nullptr)) callback(result);
    });
  }

  Result post(const LabCall& call) {
    const HttpBase& base =
        call.side == LabCall::Side::station ? *settings->station : *settings->vehicle;
    httplib::Request request;
    request.method = "POST";
    request.path = base.prefix + settings->path + call.target();
    request.set_header("Host", host_header(base));
    for (const auto& [name, value] : settings->headers) request.set_header(name, value);
    int status = 0;
    std::string body;
    request.response_handler = [&](const httplib::Response& response) {
      status = response.status;
      return true;
    };
    request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t,
                                   std::uint64_t) {
      body.append(data, std::min(size, kMaxBody - body.size()));
      return body.size() < kMaxBody;
    };
    const auto client = connect(base);
    const auto response = client->send(request);
    if (response) status = response->status;  // 204 has no body and does not come by the handlers
    const std::string server = "the server at " + base.url() + " ";
    // The status alone decides, even when the rest of the answer was too long or broke off.
    if (status == 0) return {Outcome::failed, server + why(response.error(), timeout), {}};
    if (status >= 200 && status < 300) return {};
    std::string reason = server + "answered " + std::to_string(status) + " to " + call.operation;
    if (const std::string line = first_line(body); !line.empty()) reason += ": " + line;
    return {means_unsupported(status) ? Outcome::unsupported : Outcome::failed, reason, {}};
  }

  std::unique_ptr<httplib::ClientImpl> connect(const HttpBase& base) {
    std::unique_ptr<httplib::ClientImpl> client;
    if (base.tls) {
      client = std::make_unique<httplib::SSLClient>(base.host, base.port);
      client->enable_server_certificate_verification(!settings->insecure);
    } else {
      client = std::make_unique<httplib::ClientImpl>(base.host, base.port);
    }
    const auto micros = std::chrono::duration_cast<base::Micros>(timeout).count();
    const auto seconds = static_cast<time_t>(micros / 1'000'000);
    const auto rest = static_cast<time_t>(micros % 1'000'000);
    client->set_connection_timeout(seconds, rest);
    client->set_read_timeout(seconds, rest);
    client->set_write_timeout(seconds, rest);
    client->set_url_encode(false);  // it is encoded already
    client->set_tcp_nodelay(true);
    client->set_socket_options([this](socket_t fresh) { hold(fresh); });
    return client;
  }

  void hold(int fresh) {
    const std::lock_guard<std::mutex> lock(mutex);
    release_socket();
    socket = ::fcntl(fresh, F_DUPFD_CLOEXEC, 0);
    if (!loop) ::shutdown(fresh, SHUT_RDWR);  // given up before it was there
  }

  void release_socket() {
    if (socket >= 0) ::close(socket);
    socket = -1;
  }

  // On the loop's thread. The thread ends by itself when its socket does; nobody waits for it.
  void give_up() {
    done = nullptr;
    const std::lock_guard<std::mutex> lock(mutex);
    loop = nullptr;
    if (socket >= 0) ::shutdown(socket, SHUT_RDWR);
  }
};

HttpAdapter::HttpAdapter(base::EventLoop& loop, HttpSettings settings, Nanos timeout)
    : loop_(loop),
      settings_(std::make_shared<const HttpSettings>(std::move(settings))),
      timeout_(timeout) {}

HttpAdapter::~HttpAdapter() {
  cancel();
}

void HttpAdapter::perform(const ActionInfo& action, const Value& arguments, Done done) {
  cancel();
  call_ = std::make_shared<Call>(loop_);
  call_->settings = settings_;
  call_->timeout = timeout_;
  call_->done = std::move(done);
  call_->calls =
      lab_calls(action, arguments, settings_->token_type, settings_->vehicle.has_value());
  if (call_->calls.empty())
    return call_->answer(
        {Outcome::unsupported, "the laboratory interface has no words for it", {}});
  for (const auto& call : call_->calls)
    if (call.side == LabCall::Side::vehicle && !settings_->vehicle)
      return call_->answer(
          {Outcome::unsupported, "the PIXIT names no server of the vehicle's side", {}});
  try {
    std::thread([call = call_] { call->work(); }).detach();
  } catch (const std::system_error& e) {
    call_->answer({Outcome::failed, std::string("no thread for the call: ") + e.what(), {}});
  }
}

void HttpAdapter::cancel() {
  if (call_) call_->give_up();
  call_.reset();
}

}  // namespace plugproof::rig
