#include "engine/transfer/http_socket.hpp"

#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace plugproof::transfer {

HttpSocket::HttpSocket(int descriptor, std::string remote, int remote_port, Span patience)
    : descriptor_(descriptor),
      remote_(std::move(remote)),
      remote_port_(remote_port),
      patience_(patience) {
  ::fcntl(descriptor_, F_SETFL, ::fcntl(descriptor_, F_GETFL) | O_NONBLOCK);
  ::fcntl(descriptor_, F_SETFD, FD_CLOEXEC);
  const int on = 1;
  ::setsockopt(descriptor_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

HttpSocket::~HttpSocket() {
  if (tls_) SSL_free(tls_);
  ::close(descriptor_);
}

bool HttpSocket::wait(short events, Span limit) const {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!cut_) {
    const auto left = std::chrono::ceil<Span>(end - std::chrono::steady_clock::now()).count();
    pollfd entry{descriptor_, events, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(std::max<Span::rep>(0, left)));
    if (ready > 0) return true;
    if (ready == 0 || errno != EINTR) return false;
  }
  return false;
}

template <class Call>
int HttpSocket::retry_tls(Call call) {
  while (true) {
    ERR_clear_error();
    const int result = call();
    if (result > 0) return result;
    const int error = SSL_get_error(tls_, result);
    if (error == SSL_ERROR_ZERO_RETURN) return 0;
    const bool reads = error == SSL_ERROR_WANT_READ;
    if (!reads && error != SSL_ERROR_WANT_WRITE) return -1;
    if (!wait(reads ? POLLIN : POLLOUT, patience_)) return -1;
  }
}

bool HttpSocket::handshake(SSL_CTX* context) {
  tls_ = SSL_new(context);
  return tls_ && SSL_set_fd(tls_, descriptor_) == 1 &&
         retry_tls([&] { return SSL_accept(tls_); }) == 1;
}

ssize_t HttpSocket::fill() {
  begin_ = end_ = 0;
  ssize_t count = 0;
  if (tls_) {
    count =
        retry_tls([&] { return SSL_read(tls_, buffer_.data(), static_cast<int>(buffer_.size())); });
  } else {
    while ((count = ::recv(descriptor_, buffer_.data(), buffer_.size(), 0)) < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN || !wait(POLLIN, patience_)) return -1;
    }
  }
  if (count > 0) end_ = static_cast<std::size_t>(count);
  return count;
}

ssize_t HttpSocket::read(char* data, size_t size) {
  if (begin_ == end_) {
    const ssize_t count = cut_ ? -1 : fill();
    if (count <= 0) return count;
  }
  const std::size_t count = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, count);
  begin_ += count;
  for (std::size_t i = count - std::min<std::size_t>(count, last_.size()); i < count; ++i) {
    std::rotate(last_.begin(), last_.begin() + 1, last_.end());
    last_.back() = data[i];
  }
  return static_cast<ssize_t>(count);
}

ssize_t HttpSocket::write(const char* data, size_t size) {
  // cpp-httplib would try again for ever after a zero.
  std::size_t done = 0;
  while (done < size) {
    if (cut_ || silent_) return -1;
    ssize_t count = 0;
    if (tls_) {
      const int piece = static_cast<int>(std::min<std::size_t>(size - done, buffer_.size()));
      count = retry_tls([&] { return SSL_write(tls_, data + done, piece); });
      if (count <= 0) return -1;
    } else {
      count = ::send(descriptor_, data + done, size - done, MSG_NOSIGNAL);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && (errno != EAGAIN || !wait(POLLOUT, patience_))) return -1;
      count = std::max<ssize_t>(0, count);
    }
    done += static_cast<std::size_t>(count);
  }
  return static_cast<ssize_t>(done);
}

bool HttpSocket::wait_for_request(Span limit) {
  if (begin_ < end_ || (tls_ && SSL_pending(tls_) > 0)) return true;
  return wait(POLLIN, limit);
}

bool HttpSocket::wait_until_taken() {
  // The kernel tells nobody when a queue has run empty, so it is asked.
  constexpr Span kLook{5};
  int before = -1;
  auto since = std::chrono::steady_clock::now();
  while (!cut_) {
    int unsent = 0;
    pollfd entry{descriptor_, 0, 0};  // errors and hang-ups only
    if (::poll(&entry, 1, 0) != 0 || ::ioctl(descriptor_, SIOCOUTQ, &unsent) != 0) return false;
    if (unsent == 0) return true;
    if (unsent != before) since = std::chrono::steady_clock::now();
    if (std::chrono::steady_clock::now() - since > patience_) return false;
    before = unsent;
    ::poll(&entry, 1, static_cast<int>(kLook.count()));
  }
  return false;
}

void HttpSocket::wait_for_the_end() {
  while (!cut_) {
    pollfd entry{descriptor_, POLLRDHUP, 0};
    if (::poll(&entry, 1, -1) > 0 || errno != EINTR) return;
  }
}

void HttpSocket::reset() {
  const linger none{1, 0};
  ::setsockopt(descriptor_, SOL_SOCKET, SO_LINGER, &none, sizeof none);
  silent_ = true;
}

void HttpSocket::drain() {
  constexpr Span kMoment{1000};
  constexpr std::size_t kMost = 4 << 20;
  if (tls_) SSL_shutdown(tls_);
  ::shutdown(descriptor_, SHUT_WR);
  const auto end = std::chrono::steady_clock::now() + kMoment;
  for (std::size_t read = 0; read < kMost && std::chrono::steady_clock::now() < end;) {
    const ssize_t count = ::recv(descriptor_, buffer_.data(), buffer_.size(), 0);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR)) return;
    if (count < 0 && !wait(POLLIN, kMoment)) return;
    read += static_cast<std::size_t>(std::max<ssize_t>(0, count));
  }
}

void HttpSocket::cut() {
  cut_ = true;
  ::shutdown(descriptor_, SHUT_RDWR);
}

bool HttpSocket::read_an_empty_line() const {
  return std::string_view(last_.data(), last_.size()) == "\r\n\r\n";
}

bool HttpSocket::is_readable() const {
  return begin_ < end_ || wait(POLLIN, Span{0});
}
bool HttpSocket::is_writable() const {
  return wait(POLLOUT, Span{0});
}
void HttpSocket::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip = remote_;
  port = remote_port_;
}
void HttpSocket::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

}  // namespace plugproof::transfer
