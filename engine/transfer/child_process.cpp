#include "engine/transfer/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <system_error>

#include "engine/base/diagnostics.hpp"

namespace plugproof::transfer {

namespace {

[[noreturn]] void give_up() {
  ::_exit(127);
}

// Between fork and exec of a process with threads: nothing but system calls.
[[noreturn]] void become(const ChildProcess& child, char* const* arguments,
                         char* const* environment, const Account& account, pid_t parent) {
  if (account.changes && (::setgroups(0, nullptr) != 0 ||
                          ::setresgid(account.group_id, account.group_id, account.group_id) != 0 ||
                          ::setresuid(account.user_id, account.user_id, account.user_id) != 0))
    give_up();
  // After the change of account, which would take it back.
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != parent) give_up();
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  ::setpgid(0, 0);  // Ctrl-C at the terminal is for us
  if (::dup2(child.input_output, 0) < 0 || ::dup2(child.input_output, 1) < 0 ||
      ::dup2(child.errors, 2) < 0)
    give_up();
  ::close_range(3, ~0U, 0);
  ::signal(SIGPIPE, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  if (::chdir("/") != 0) give_up();
  ::execve(child.program.c_str(), arguments, environment);
  give_up();
}

}  // namespace

Account Account::for_servers() {
  Account account;
  account.changes = ::geteuid() == 0;
  const passwd* user = account.changes ? ::getpwnam("nobody") : ::getpwuid(::geteuid());
  if (!user)
    throw base::InputError(account.changes
                               ? "there is no account 'nobody' for the FTP server to run as; run "
                                 "plugproof as an ordinary user"
                               : "user " + std::to_string(::geteuid()) +
                                     " has no name on this machine, and the FTP server needs one");
  account.user = user->pw_name;
  account.user_id = user->pw_uid;
  account.group_id = user->pw_gid;
  const ::group* group = ::getgrgid(account.group_id);
  if (!group)
    throw base::InputError("group " + std::to_string(account.group_id) +
                           " has no name on this machine, and the FTP server needs one");
  account.group = group->gr_name;
  return account;
}

pid_t start(const ChildProcess& child, const Account& account) {
  std::vector<std::string> words{child.program};
  words.insert(words.end(), child.arguments.begin(), child.arguments.end());
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  std::string path = "PATH=/usr/bin:/bin";
  std::array<char*, 2> environment{path.data(), nullptr};
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid < 0) throw std::system_error(errno, std::generic_category());
  if (pid == 0) become(child, arguments.data(), environment.data(), account, parent);
  return pid;
}

std::string describe_end(int wait_status) {
  if (WIFSIGNALED(wait_status))
    return "ended by signal " + std::to_string(WTERMSIG(wait_status)) + " (" +
           ::strsignal(WTERMSIG(wait_status)) + ")";
  if (WEXITSTATUS(wait_status) != 0)
    return "ended with status " + std::to_string(WEXITSTATUS(wait_status));
  return {};
}

bool run_to_end(const std::string& program, const std::vector<std::string>& arguments,
                const Account& account, std::string& printed) {
  constexpr auto kLimit = std::chrono::minutes(1);
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category());
  pid_t pid = -1;
  try {
    pid = start({program, arguments, ends[1], ends[1]}, account);
  } catch (const std::system_error&) {
    ::close(ends[0]);
    ::close(ends[1]);
    throw;
  }
  ::close(ends[1]);
  const auto end = std::chrono::steady_clock::now() + kLimit;
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(end - std::chrono::steady_clock::now());
    pollfd entry{ends[0], POLLIN, 0};
    const int ready = left.count() > 0 ? ::poll(&entry, 1, static_cast<int>(left.count())) : 0;
    if (ready < 0 && errno == EINTR) continue;
    std::array<char, 4096> chunk{};
    const ssize_t count = ready > 0 ? ::read(ends[0], chunk.data(), chunk.size()) : -1;
    if (count <= 0) {
      if (count < 0) {
        ::kill(pid, SIGKILL);
        printed += "\nit did not end within a minute\n";
      }
      break;
    }
    printed.append(chunk.data(), static_cast<std::size_t>(count));
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  return describe_end(status).empty();
}

}  // namespace plugproof::transfer
