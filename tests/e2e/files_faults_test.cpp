// What goes wrong on the bench itself: told in a sentence with the remedy, and never as the
// client's doing.
#include <sys/resource.h>

#include <csignal>
#include <sstream>

#include "tests/e2e/files_fixture.hpp"

namespace plugproof::transfer {
namespace {

const std::vector<Protocol> kAll{Protocol::http, Protocol::https, Protocol::ftp, Protocol::ftps,
                                 Protocol::ftps_implicit};

class ProgramFaults : public FileServersTest {
 protected:
  // A folder with a proftpd that finds these of its modules alone. It is the real one, told by a
  // line of its configuration to look elsewhere.
  std::string proftpd_with(const std::vector<std::string>& modules) {
    const fs::path bin = folder / "bin", library = folder / "modules";
    for (const auto& path : {bin, library}) fs::create_directory(path);
    const std::string real = output_of("PATH=$PATH:/usr/sbin; command -v proftpd");
    const std::string where = output_of("find /usr/lib /usr/libexec -name mod_vroot.so");
    for (const auto& module : modules)
      fs::copy_file(fs::path(where).parent_path() / module, library / module);
    write_file(bin / "proftpd",
               "#!/bin/sh\nfor last; do :; done\nchanged=$(mktemp)\n"
               "{ echo ModulePath " +
                   library.string() + "; cat \"$last\"; } > $changed\n" + real +
                   " -t -c $changed\nstatus=$?\nrm $changed\nexit $status\n");
    fs::permissions(bin / "proftpd", fs::perms(0755));
    return bin.string();
  }
  std::string output_of(const std::string& line) {
    Command command(loop, line);
    EXPECT_TRUE(wait([&] { return command.ended(); })) << line;
    return command.output().substr(0, command.output().find('\n'));
  }
  void make() { host = std::make_unique<ServedFiles>(loop, options); }
};

TEST_F(ProgramFaults, NoProftpd__HttpIsServedAndTheRestHasTheRemedy) {
  options.program_folders = (folder / "nowhere").string();
  make();
  EXPECT_EQ(host->protocols(), (std::vector<Protocol>{Protocol::http, Protocol::https}));
  const std::string reason =
      "the FTP server proftpd is not installed (apt-get install proftpd-core proftpd-mod-vroot)";
  EXPECT_EQ(host->notes(),
            (std::vector<std::string>{"FTP cannot be served: " + reason,
                                      "FTPS cannot be served: " + reason,
                                      "FTPS (implicit) cannot be served: " + reason}));
  const Opened refused = host->receive({Protocol::ftp});
  EXPECT_EQ(refused.id, 0U);
  EXPECT_EQ(refused.reason, reason);
  EXPECT_NE(host->receive({Protocol::http}).id, 0U);
}

TEST_F(ProgramFaults, NoTlsModule__FtpIsServedAndFtpsHasTheRemedy) {
  options.program_folders = proftpd_with({"mod_vroot.so"});
  make();
  EXPECT_EQ(host->protocols(),
            (std::vector<Protocol>{Protocol::http, Protocol::https, Protocol::ftp}));
  const std::string reason =
      "the module mod_tls of proftpd is not installed (apt-get install proftpd-mod-crypto)";
  EXPECT_EQ(host->notes(),
            (std::vector<std::string>{"FTPS cannot be served: " + reason,
                                      "FTPS (implicit) cannot be served: " + reason}));
  EXPECT_EQ(host->receive({Protocol::ftps}).reason, reason);
}

TEST_F(ProgramFaults, NoVrootModule__NoFtpAndTheRemedy) {
  options.program_folders = proftpd_with({});
  make();
  ASSERT_EQ(host->notes().size(), 3U);
  EXPECT_EQ(host->notes()[0],
            "FTP cannot be served: the module mod_vroot of proftpd is not installed (apt-get "
            "install proftpd-core proftpd-mod-vroot)");
}

class ServerFaults : public ByProtocol {
 protected:
  // The processes that this one has started and that run proftpd.
  static std::vector<pid_t> sessions() {
    std::vector<pid_t> out;
    for (const auto& thread : fs::directory_iterator("/proc/self/task")) {
      std::istringstream children(read_file(thread.path() / "children"));
      for (pid_t child = 0; children >> child;)
        if (read_file("/proc/" + std::to_string(child) + "/comm") == "proftpd\n")
          out.push_back(child);
    }
    return out;
  }
};

class FtpProcess : public ServerFaults {
 protected:
  void kill_the_session() {
    const auto running = sessions();
    ASSERT_EQ(running.size(), 1U);
    ASSERT_EQ(::kill(running.front(), SIGKILL), 0);
    ASSERT_TRUE(wait_for_event(EventKind::failed));
    const Event failed = of_kind(EventKind::failed).front();
    EXPECT_EQ(failed.reason,
              "the process of the FTP server was ended by signal 9 (Killed) before the transfer "
              "was");
    EXPECT_TRUE(failed.bench);
  }
};

INSTANTIATE_TEST_SUITE_P(Files, ServerFaults, ::testing::ValuesIn(kAll),
                         [](const auto& tested) { return name_of(tested.param); });
INSTANTIATE_TEST_SUITE_P(Files, FtpProcess,
                         ::testing::Values(Protocol::ftp, Protocol::ftps, Protocol::ftps_implicit),
                         [](const auto& tested) { return name_of(tested.param); });

TEST_P(FtpProcess, KilledInADownload__OurFaultAndTheNextIsServed) {
  const Opened place = offer(protocol(), some_bytes(1'000'000), Conduct::stalled, 100'000);
  const auto command = curl_beside(protocol(), in_quotes(place.url) + " -o " + local("got"));
  ASSERT_TRUE(wait_for_event(EventKind::started));
  kill_the_session();
  ASSERT_TRUE(wait([&] { return command->ended(); }));
  EXPECT_NE(command->status(), 0);
  EXPECT_EQ(curl(protocol(), in_quotes(offer(protocol(), "next").url)).output, "next");
  ASSERT_TRUE(wait_for_event(EventKind::done));
}

TEST_P(FtpProcess, KilledInAnUpload__OurFaultAndNothingKept) {
  write_file(folder / "up.log", some_bytes(20'000'000));
  const Opened place = inbox(protocol(), Conduct::stalled, 100'000);
  const auto command =
      curl_beside(protocol(), "-T " + local("up.log") + " " + in_quotes(place.url));
  ASSERT_TRUE(wait_for_event(EventKind::started));
  kill_the_session();
  ASSERT_TRUE(wait([&] { return command->ended(); }));
  EXPECT_NE(command->status(), 0);
  EXPECT_TRUE(of_kind(EventKind::done).empty());
  host.reset();
  EXPECT_FALSE(fs::exists(run_folder / "uploads"));
}

// No file may grow beyond so many bytes, for us and for what we start: a full disk without
// privileges.
class SmallFiles {
 public:
  explicit SmallFiles(rlim_t most) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit now{most, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &now);
  }
  ~SmallFiles() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  SmallFiles(const SmallFiles&) = delete;
  SmallFiles& operator=(const SmallFiles&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_P(ServerFaults, DiskFullInAnUpload__OurFaultAndNothingKept) {
  write_file(folder / "up.log", some_bytes(3'000'000));
  const Opened place = inbox(protocol());
  {
    const SmallFiles full(1'000'000);
    const CurlResult result =
        curl(protocol(), "-f -T " + local("up.log") + " " + in_quotes(place.url));
    EXPECT_NE(result.status, 0) << result.output;
    ASSERT_TRUE(wait_for_event(EventKind::failed));
  }
  ASSERT_EQ(events.size(), 2U);
  EXPECT_TRUE(events[1].bench);
  // Of what proftpd met it tells this much.
  const std::string error =
      protocol() < Protocol::ftp ? ": File too large" : ": Input/output error (451)";
  EXPECT_NE(events[1].reason.find(error), std::string::npos) << events[1].reason;
  EXPECT_NE(events[1].reason.find(run_folder.string()), std::string::npos) << events[1].reason;
  EXPECT_NE(events[1].reason.find("; make room there"), std::string::npos) << events[1].reason;
  // The disk has room again.
  EXPECT_EQ(curl(protocol(), "-f -T " + local("up.log") + " " + in_quotes(place.url)).status, 0);
  ASSERT_TRUE(wait_for_event(EventKind::done));
  expect_kept(events.back(), read_file(folder / "up.log"));
  EXPECT_EQ(events.back().kept, "uploads/01-up.log");
}

TEST_P(ServerFaults, DiskFullForAnOffer__RefusedWithTheReasonAndTheNextIsServed) {
  Opened refused;
  {
    const SmallFiles full(1'000'000);
    refused = host->offer({"image.bin", protocol(),
                           std::make_shared<const std::string>(some_bytes(3'000'000)),
                           Conduct::whole, 0});
  }
  // HTTP serves out of memory and needs no disk.
  const bool is_ftp = protocol() >= Protocol::ftp;
  EXPECT_EQ(refused.id == 0, is_ftp);
  if (is_ftp) {
    EXPECT_NE(refused.reason.find("File too large; make room"), std::string::npos)
        << refused.reason;
  }
  EXPECT_EQ(curl(protocol(), in_quotes(offer(protocol(), "next").url)).output, "next");
}

}  // namespace
}  // namespace plugproof::transfer
