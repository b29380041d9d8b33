#include "engine/rig/console.hpp"

#include <unistd.h>

#include <asio/posix/stream_descriptor.hpp>
#include <asio/read_until.hpp>
#include <asio/streambuf.hpp>
#include <istream>

namespace plugproof::rig {

// Shared with the read under way, which may end after the adapter.
struct ConsoleAdapter::Impl : std::enable_shared_from_this<ConsoleAdapter::Impl> {
  base::EventLoop& loop;
  std::function<void(const std::string&)> say;
  asio::posix::stream_descriptor input;
  asio::streambuf buffer;
  Done done;
  bool reading = false;

  Impl(base::EventLoop& l, std::function<void(const std::string&)> s)
      : loop(l), say(std::move(s)), input(l.context()) {}

  void finish(Outcome outcome, const std::string& reason) {
    if (auto callback = std::exchange(done, nullptr)) callback({outcome, reason, {}});
  }

  void read() {
    if (reading) return;
    reading = true;
    asio::async_read_until(
        input, buffer, '\n',
        [this, self = shared_from_this()](const std::error_code& error, std::size_t) {
          reading = false;
          if (error == asio::error::operation_aborted) {
            if (done) read();  // asked again before the news of the cancellation came
            return;
          }
          if (!done) return;
          if (error) return finish(Outcome::failed, "the terminal was closed");
          std::istream stream(&buffer);
          std::string line;
          std::getline(stream, line);
          if (line == "s" || line == "skip")
            return finish(Outcome::failed, "the operator could not perform it");
          if (!line.empty()) {
            say("Press Enter when it is done, or type s and Enter if it cannot be done.");
            return read();
          }
          finish(Outcome::done, {});
        });
  }
};

ConsoleAdapter::ConsoleAdapter(base::EventLoop& loop, std::function<void(const std::string&)> say)
    : impl_(std::make_shared<Impl>(loop, std::move(say))) {}

ConsoleAdapter::~ConsoleAdapter() {
  cancel();
  // The descriptor is not ours to close.
  if (impl_->input.is_open()) impl_->input.release();
}

void ConsoleAdapter::perform(const ActionInfo& action, const base::Value& arguments, Done done) {
  impl_->done = std::move(done);
  if (::isatty(STDIN_FILENO) == 0) {
    impl_->loop.post([impl = impl_] {
      impl->finish(Outcome::unsupported, "there is no terminal to ask a person at");
    });
    return;
  }
  if (!impl_->input.is_open()) impl_->input.assign(STDIN_FILENO);
  impl_->say("\n>> " + prompt_for(action, arguments));
  impl_->say("   Press Enter when it is done, or type s and Enter if it cannot be done.");
  impl_->read();
}

void ConsoleAdapter::cancel() {
  impl_->done = nullptr;
  if (impl_->input.is_open()) {
    std::error_code ignored;
    impl_->input.cancel(ignored);
  }
}

}  // namespace plugproof::rig
