#include "engine/rig/command.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/read.hpp>
#include <cctype>
#include <csignal>
#include <cstring>

namespace plugproof::rig {

namespace {

std::string as_text(const base::Value& value) {
  return value.is_string() ? value.as_string() : value.to_display();
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> out;
  out.reserve(texts.size() + 1);
  for (auto& text : texts) out.push_back(text.data());
  out.push_back(nullptr);
  return out;
}

std::vector<std::string> environment(const std::string& action, const base::Value& arguments) {
  std::vector<std::string> out;
  for (char** entry = environ; *entry; ++entry) out.emplace_back(*entry);
  out.push_back("PLUGPROOF_ACTION=" + action);
  if (arguments.is_object())
    for (const auto& [key, value] : arguments.as_object()) {
      std::string name = "PLUGPROOF_";
      for (const char c : key)
        name.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
      out.push_back(name + "=" + as_text(value));
    }
  return out;
}

std::string last_line(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  const std::size_t newline = text.rfind('\n');
  return newline == std::string::npos ? text : text.substr(newline + 1);
}

}  // namespace

// One call of the program. Shared with the read under way, which may end after the adapter.
struct CommandAdapter::Call : std::enable_shared_from_this<CommandAdapter::Call> {
  static constexpr std::size_t kMaxOutput = 4096;
  static constexpr base::Nanos kLook = std::chrono::milliseconds(20);

  base::EventLoop& loop;
  asio::posix::stream_descriptor output;
  std::array<char, 512> chunk{};
  std::string printed;
  std::string problem;  // why there is no child
  pid_t child = -1;
  base::Clock::Timer timer = base::Clock::Timer::none;
  Done done;

  Call(base::EventLoop& l, Done d) : loop(l), output(l.context()), done(std::move(d)) {}

  void finish(Result result) {
    if (auto callback = std::exchange(done, nullptr)) callback(std::move(result));
  }

  void read() {
    output.async_read_some(
        asio::buffer(chunk),
        [this, self = shared_from_this()](const std::error_code& error, std::size_t count) {
          if (!done) return;  // given up meanwhile
          if (printed.size() < kMaxOutput) printed.append(chunk.data(), count);
          if (!error) return read();
          output.close();
          look();
        });
  }

  // The end of its output is nearly always the end of the program; one that goes on is looked at
  // now and then, for waiting here would stop everything else.
  void look() {
    int status = 0;
    const pid_t ended = ::waitpid(child, &status, WNOHANG);
    if (ended == 0 || (ended < 0 && errno == EINTR)) {
      timer = loop.after(kLook, [self = shared_from_this()] { self->look(); });
      return;
    }
    child = -1;
    finish(judge(status));
  }

  Result judge(int status) const {
    const std::string said = last_line(printed);
    const std::string because = said.empty() ? "" : ": " + said;
    if (WIFSIGNALED(status))
      return {Outcome::failed,
              "the program was ended by signal " + std::to_string(WTERMSIG(status)) + because,
              {}};
    if (WEXITSTATUS(status) == 0) return {};
    if (WEXITSTATUS(status) == kUnsupportedStatus)
      return {Outcome::unsupported, "the program does not know this action" + because, {}};
    return {Outcome::failed,
            "the program ended with status " + std::to_string(WEXITSTATUS(status)) + because,
            {}};
  }

  void fail_later(const std::string& reason) {
    problem = reason;
    timer = loop.after(base::Nanos::zero(), [self = shared_from_this()] {
      self->finish({Outcome::failed, self->problem, {}});
    });
  }

  // The program leads a process group, so that what it started ends with it.
  void give_up() {
    done = nullptr;
    loop.cancel(timer);
    if (output.is_open()) output.close();
    if (child <= 0) return;
    ::kill(-child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    child = -1;
  }
};

CommandAdapter::CommandAdapter(base::EventLoop& loop, std::vector<std::string> command)
    : loop_(loop), command_(std::move(command)) {}

CommandAdapter::~CommandAdapter() {
  cancel();
}

void CommandAdapter::perform(const ActionInfo& action, const base::Value& arguments, Done done) {
  call_ = std::make_shared<Call>(loop_, std::move(done));
  int pipe_ends[2];
  if (::pipe2(pipe_ends, O_CLOEXEC) != 0)
    return call_->fail_later(std::string("no pipe: ") + std::strerror(errno));

  std::vector<std::string> words = command_;
  words.push_back(action.name);
  if (arguments.is_object())
    for (const auto& [key, value] : arguments.as_object())
      words.push_back(key + "=" + as_text(value));
  std::vector<std::string> variables = environment(action.name, arguments);

  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, pipe_ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, pipe_ends[1], STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  posix_spawnattr_setpgroup(&attributes, 0);
  const int error = ::posix_spawnp(&call_->child, words[0].c_str(), &files, &attributes,
                                   pointers(words).data(), pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  ::close(pipe_ends[1]);
  if (error != 0) {
    ::close(pipe_ends[0]);
    call_->child = -1;
    return call_->fail_later("the program '" + words[0] +
                             "' cannot be started: " + std::strerror(error));
  }
  call_->output.assign(pipe_ends[0]);
  call_->read();
}

void CommandAdapter::cancel() {
  if (call_) call_->give_up();
  call_.reset();
}

}  // namespace plugproof::rig
