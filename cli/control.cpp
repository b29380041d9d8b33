#include "cli/control.hpp"

#include <asio/io_context.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/read_until.hpp>
#include <asio/streambuf.hpp>
#include <asio/write.hpp>
#include <filesystem>
#include <istream>
#include <sstream>

#include "engine/base/diagnostics.hpp"
#include "engine/base/json.hpp"

namespace plugproof::cli {

using asio::local::stream_protocol;
using base::Value;

namespace {

constexpr std::size_t kMaxLine = 4096;

// One caller: reads lines, answers each.
class Caller : public std::enable_shared_from_this<Caller> {
 public:
  Caller(stream_protocol::socket socket, ControlServer::Perform perform)
      : socket_(std::move(socket)), buffer_(kMaxLine), perform_(std::move(perform)) {}

  void read() {
    asio::async_read_until(socket_, buffer_, '\n',
                           [self = shared_from_this()](const std::error_code& error, std::size_t) {
                             if (error) return;
                             std::istream stream(&self->buffer_);
                             std::string line;
                             std::getline(stream, line);
                             self->answer(line);
                           });
  }

 private:
  void answer(const std::string& line) {
    try {
      answer_ = perform_(parse_action_line(line)) + "\n";
    } catch (const base::InputError& e) {
      answer_ = std::string("refused: ") + e.what() + "\n";
    }
    asio::async_write(socket_, asio::buffer(answer_),
                      [self = shared_from_this()](const std::error_code& error, std::size_t) {
                        if (!error) self->read();
                      });
  }

  stream_protocol::socket socket_;
  asio::streambuf buffer_;
  std::string answer_;
  ControlServer::Perform perform_;
};

Value argument_value(const std::string& name, const std::string& text) {
  // idTags and limits are texts even when they look like numbers.
  if (name != "connector")
    return text == "true" ? Value(true) : text == "false" ? Value(false) : Value(text);
  const auto number = base::read_json(text);
  if (!number.value || !number.value->is_int())
    throw base::InputError("connector must be a whole number, not '" + text + "'");
  return *number.value;
}

}  // namespace

ActionLine parse_action_line(const std::string& line) {
  std::istringstream words(line);
  ActionLine out;
  out.arguments = Value(Value::Object{});
  if (!(words >> out.action))
    throw base::InputError("an action is expected, as in: plug_in connector=1");
  std::string word;
  while (words >> word) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0)
      throw base::InputError("'" + word + "' is no argument; write name=value");
    const std::string name = word.substr(0, equals);
    out.arguments.set(name, argument_value(name, word.substr(equals + 1)));
  }
  return out;
}

struct ControlServer::Impl : std::enable_shared_from_this<Impl> {
  Impl(base::EventLoop& loop, std::string p, Perform f)
      : path(std::move(p)), perform(std::move(f)), acceptor(loop.context()) {}

  void accept() {
    acceptor.async_accept(
        [self = shared_from_this()](const std::error_code& error, stream_protocol::socket socket) {
          if (error) return;
          std::make_shared<Caller>(std::move(socket), self->perform)->read();
          self->accept();
        });
  }

  std::string path;
  Perform perform;
  stream_protocol::acceptor acceptor;
};

ControlServer::ControlServer(base::EventLoop& loop, const std::string& path, Perform perform)
    : impl_(std::make_shared<Impl>(loop, path, std::move(perform))) {
  std::error_code error;
  // A socket that a dead process left behind; anything else in the way is not ours to remove.
  if (std::filesystem::is_socket(path, error)) std::filesystem::remove(path, error);
  try {
    const stream_protocol::endpoint endpoint(path);
    impl_->acceptor.open(endpoint.protocol());
    impl_->acceptor.bind(endpoint);
    impl_->acceptor.listen();
  } catch (const std::system_error& e) {
    throw base::InputError("cannot listen at the control socket " + path + ": " +
                           e.code().message() + "; choose another --control");
  }
  impl_->accept();
}

ControlServer::~ControlServer() {
  std::error_code ignored;
  impl_->acceptor.close(ignored);
  std::filesystem::remove(impl_->path, ignored);
}

std::string send_action_line(const std::string& path, const std::string& line) {
  try {
    asio::io_context io;
    stream_protocol::socket socket(io);
    socket.connect(stream_protocol::endpoint(path));
    asio::write(socket, asio::buffer(line + "\n"));
    asio::streambuf buffer;
    asio::read_until(socket, buffer, '\n');
    std::istream stream(&buffer);
    std::string answer;
    std::getline(stream, answer);
    return answer;
  } catch (const std::system_error& e) {
    throw base::InputError("no simulated charge point answers at " + path + ": " +
                           e.code().message() + "; start 'plugproof simulate --control " + path +
                           "'");
  }
}

}  // namespace plugproof::cli
