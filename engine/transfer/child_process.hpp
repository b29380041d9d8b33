// A program of ours that must never outlive us: the kernel ends it when this process goes, however
// it goes. Started without rights that it does not need.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace plugproof::transfer {

// Who a program runs as.
struct Account {
  uid_t user_id = 0;
  gid_t group_id = 0;
  std::string user, group;
  bool changes = false;  // another one than ours: only root can do that

  // The user; for root it is nobody. Throws base::InputError when that account is not known here.
  static Account for_servers();
};

struct ChildProcess {
  std::string program;
  std::vector<std::string> arguments;  // without the program
  int input_output = -1;               // becomes its standard input and output
  int errors = -1;                     // becomes its standard error
};

// Its process identity. Must be called on a thread that lives as long as the child shall (the
// kernel ties the two together), which is the clock's. Throws std::system_error.
pid_t start(const ChildProcess& child, const Account& account);

// "ended by signal 9 (Killed)", "ended with status 1"; empty when all went well.
std::string describe_end(int wait_status);

// Runs a program to its end and gives back all that it prints; false when it fails, or takes longer
// than a minute, which then is what it "printed" last.
bool run_to_end(const std::string& program, const std::vector<std::string>& arguments,
                const Account& account, std::string& printed);

}  // namespace plugproof::transfer
