// The file servers on real sockets, with the program curl as an independent client. Tests run the
// loop until something holds; a deadline only bounds what has gone wrong.
#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <asio/io_context.hpp>
#include <asio/post.hpp>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "engine/base/event_loop.hpp"
#include "engine/base/sha256.hpp"
#include "engine/transfer/served_files.hpp"

namespace plugproof::transfer {

namespace fs = std::filesystem;

inline std::string some_bytes(std::size_t count) {
  std::mt19937_64 random(count);
  std::string bytes(count, '\0');
  for (auto& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

inline std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline void write_file(const fs::path& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

// A word for the shell.
inline std::string in_quotes(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

// A command of the shell that runs beside the loop.
class Command {
 public:
  Command(base::EventLoop& loop, const std::string& line)
      : thread_([this, &loop, line] {
          FILE* pipe = ::popen(line.c_str(), "r");
          char chunk[4096];
          for (std::size_t count = 0; pipe && (count = fread(chunk, 1, sizeof chunk, pipe)) > 0;)
            output_.append(chunk, count);
          status_ = pipe ? WEXITSTATUS(::pclose(pipe)) : -1;
          ended_ = true;
          asio::post(loop.context(), [] {});
        }) {}
  ~Command() { thread_.join(); }
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  bool ended() const { return ended_; }
  int status() const { return status_; }
  const std::string& output() const { return output_; }

 private:
  std::string output_;
  int status_ = -1;
  std::atomic<bool> ended_{false};
  std::thread thread_;
};

struct CurlResult {
  int status = -1;     // of curl: 0 all went well
  std::string output;  // what it printed
};

class FileServersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string path = (fs::temp_directory_path() / "plugproof-files-XXXXXX").string();
    ASSERT_NE(::mkdtemp(path.data()), nullptr);
    folder = path;
    fs::permissions(folder, fs::perms(0755));
    run_folder = folder / "run";
    fs::create_directory(run_folder);
    options.run_folder = run_folder.string();
    options.protocols = {Protocol::http, Protocol::https, Protocol::ftp, Protocol::ftps,
                         Protocol::ftps_implicit};
  }
  void TearDown() override {
    host.reset();
    fs::remove_all(folder);
  }

  // A file of the test's folder, as a word for the shell.
  std::string local(const std::string& name) const { return in_quotes((folder / name).string()); }

  void start() {
    host.reset();
    // A run of its own each time: what an interrupted one left would be told.
    fs::remove(fs::path(options.run_folder) / "files-certificate.pem");
    host = std::make_unique<ServedFiles>(loop, options);
    host->on_event([this](const Event& event) { events.push_back(event); });
    EXPECT_EQ(host->notes(), std::vector<std::string>{}) << "tools/setup.sh --tests installs it";
  }

  bool wait(const std::function<bool()>& done) {
    return loop.run_until(done, std::chrono::seconds(60));
  }
  // Says what came instead.
  ::testing::AssertionResult wait_for_event(EventKind kind, std::size_t count = 1) {
    if (wait([&] { return of_kind(kind).size() >= count; })) return ::testing::AssertionSuccess();
    auto result = ::testing::AssertionFailure();
    for (const auto& event : events)
      result << "\n"
             << to_string(event.kind) << " " << event.name << " " << event.bytes << " "
             << event.reason;
    return result;
  }
  std::vector<Event> of_kind(EventKind kind) const {
    std::vector<Event> out;
    for (const auto& event : events)
      if (event.kind == kind) out.push_back(event);
    return out;
  }
  // Lets everything happen that is going to happen without a cause.
  void settle() { loop.run_for(std::chrono::milliseconds(100)); }

  std::string command_line(Protocol protocol, const std::string& arguments) const {
    std::string line = "exec curl -sS --max-time 50 --noproxy '*' ";
    if (protocol != Protocol::http && protocol != Protocol::ftp)
      line += "--cacert " + in_quotes((run_folder / "files-certificate.pem").string()) + " ";
    if (protocol == Protocol::ftps) line += "--ssl-reqd ";
    return line + arguments + " 2>&1";
  }
  CurlResult curl(Protocol protocol, const std::string& arguments) {
    Command command(loop, command_line(protocol, arguments));
    EXPECT_TRUE(wait([&] { return command.ended(); })) << arguments;
    return {command.status(), command.output()};
  }
  std::unique_ptr<Command> curl_beside(Protocol protocol, const std::string& arguments) {
    return std::make_unique<Command>(loop, command_line(protocol, arguments));
  }

  Opened offer(Protocol protocol, const std::string& content, Conduct conduct = Conduct::whole,
               std::uint64_t after = 0) {
    const Opened opened = host->offer(
        {"image.bin", protocol, std::make_shared<const std::string>(content), conduct, after});
    EXPECT_NE(opened.id, 0U) << opened.reason;
    return opened;
  }
  Opened inbox(Protocol protocol, Conduct conduct = Conduct::whole, std::uint64_t after = 0) {
    const Opened opened = host->receive({protocol, conduct, after});
    EXPECT_NE(opened.id, 0U) << opened.reason;
    return opened;
  }

  void expect_kept(const Event& event, const std::string& content) {
    EXPECT_EQ(event.kind, EventKind::done);
    EXPECT_EQ(event.bytes, content.size());
    EXPECT_EQ(event.sha256, base::sha256_hex(content));
    EXPECT_EQ(read_file(run_folder / event.kept), content) << event.kept;
  }

  base::EventLoop loop;
  fs::path folder, run_folder;
  ServedFiles::Options options;
  std::unique_ptr<ServedFiles> host;
  std::vector<Event> events;
};

// For gtest, which prints parameters.
inline std::string name_of(Protocol protocol) {
  static constexpr const char* kNames[] = {"http", "https", "ftp", "ftps", "ftps_implicit"};
  return kNames[static_cast<int>(protocol)];
}

// The same for every protocol that it is instantiated with; the servers run.
class ByProtocol : public FileServersTest, public ::testing::WithParamInterface<Protocol> {
 protected:
  void SetUp() override {
    FileServersTest::SetUp();
    start();
  }
  Protocol protocol() const { return GetParam(); }
  bool is_ftp() const { return GetParam() >= Protocol::ftp; }
};

}  // namespace plugproof::transfer
