#include "engine/transfer/http_server.hpp"

#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <pthread.h>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <csignal>
#include <list>
#include <thread>
#include <utility>

#include "engine/base/diagnostics.hpp"
#include "engine/link/listener.hpp"
#include "engine/transfer/http_conversation.hpp"

namespace plugproof::transfer {

namespace {

constexpr std::size_t kMostConnections = 64;
// How long a client may neither send nor take anything in the middle of a transfer.
constexpr HttpSocket::Span kPatience = std::chrono::minutes(2);

struct FreeContext {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};
using Context = std::unique_ptr<SSL_CTX, FreeContext>;

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free_all(bio); }
};

Context make_context(const ServerCertificate& certificate) {
  Context context(SSL_CTX_new(TLS_server_method()));
  const std::unique_ptr<BIO, FreeBio> chain(
      BIO_new_mem_buf(certificate.chain.data(), static_cast<int>(certificate.chain.size())));
  const std::unique_ptr<BIO, FreeBio> secret(
      BIO_new_mem_buf(certificate.key.data(), static_cast<int>(certificate.key.size())));
  bool usable = context && chain && secret;
  X509* leaf = usable ? PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr) : nullptr;
  usable = leaf && SSL_CTX_use_certificate(context.get(), leaf) == 1;
  X509_free(leaf);
  while (usable) {
    X509* next = PEM_read_bio_X509(chain.get(), nullptr, nullptr, nullptr);
    if (!next) break;
    usable = SSL_CTX_add0_chain_cert(context.get(), next) == 1;
  }
  EVP_PKEY* key =
      usable ? PEM_read_bio_PrivateKey(secret.get(), nullptr, nullptr, nullptr) : nullptr;
  usable = key && SSL_CTX_use_PrivateKey(context.get(), key) == 1;
  EVP_PKEY_free(key);
  if (!usable)
    throw base::InputError(
        "OpenSSL does not take the certificate of the file servers; RSA with 2048 bits or ECDSA "
        "with P-256 is safe");
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_mode(context.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS);
  return context;
}

// A client that leaves must not end the process: SSL_write knows no MSG_NOSIGNAL.
void block_broken_pipe_signal() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
}

}  // namespace

class HttpServer::Impl : public std::enable_shared_from_this<Impl> {
 public:
  Impl(base::EventLoop& loop, const Options& options, UploadStore& uploads, Tell tell)
      : loop_(loop),
        uploads_(uploads),
        tell_(std::move(tell)),
        largest_upload_(options.largest_upload),
        context_(options.certificate ? make_context(*options.certificate) : nullptr),
        listener_(std::make_shared<link::Listener>(
            loop.context(), options.address, options.port,
            link::Listener::Handlers{
                [this](asio::ip::tcp::socket socket) { accept(std::move(socket)); }, {}})) {
    listener_->start();
  }

  void stop() {
    listener_->stop();
    for (auto& connection : connections_) connection.socket->cut();
    for (auto& connection : connections_) connection.thread.join();
    connections_.clear();
  }

  std::uint16_t port() const { return listener_->endpoint().port(); }
  HttpPlaces& places() { return places_; }

 private:
  struct Connection {
    std::unique_ptr<HttpSocket> socket;
    std::thread thread;
  };

  void accept(asio::ip::tcp::socket accepted) {
    std::error_code error;
    const auto peer = accepted.remote_endpoint(error);
    if (error || connections_.size() >= kMostConnections) return;
    const std::string remote = peer.address().to_string();
    const int descriptor = accepted.release(error);
    if (error) return;
    auto socket = std::make_unique<HttpSocket>(descriptor, remote, peer.port(), kPatience);
    const auto it = connections_.insert(connections_.end(), {std::move(socket), {}});
    try {
      it->thread = std::thread([this, it, weak = weak_from_this()] {
        serve(*it->socket);
        asio::post(loop_.context(), [weak, it] {
          if (const auto self = weak.lock()) self->forget(it);
        });
      });
    } catch (
        const std::system_error&) {  // no thread to be had: the client sees a closed connection
      connections_.erase(it);
    }
  }

  void serve(HttpSocket& socket) {
    block_broken_pipe_signal();
    if (context_ && !socket.handshake(context_.get())) return;
    try {
      HttpConversation(socket, places_, uploads_, tell_, largest_upload_).run();
    } catch (const std::exception&) {
      // What a request made cpp-httplib or the memory give up ends that connection alone.
    }
  }

  void forget(std::list<Connection>::iterator connection) {
    connection->thread.join();
    connections_.erase(connection);
  }

  base::EventLoop& loop_;
  UploadStore& uploads_;
  const Tell tell_;
  const std::uint64_t largest_upload_;
  const Context context_;
  HttpPlaces places_;
  std::list<Connection> connections_;
  std::shared_ptr<link::Listener> listener_;
};

HttpServer::HttpServer(base::EventLoop& loop, const Options& options, UploadStore& uploads,
                       Tell tell)
    : impl_(std::make_shared<Impl>(loop, options, uploads, std::move(tell))) {}
HttpServer::~HttpServer() {
  impl_->stop();
}
std::uint16_t HttpServer::port() const {
  return impl_->port();
}
void HttpServer::open(Place place) {
  impl_->places().open(std::move(place));
}
bool HttpServer::close(PlaceId place) {
  return impl_->places().close(place);
}

}  // namespace plugproof::transfer
