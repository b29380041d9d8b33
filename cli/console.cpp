#include "cli/console.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "reports/terminal.hpp"

namespace plugproof::cli {

Console::Console(bool live) : live_(live && is_terminal()) {}
Console::~Console() {
  erase();
}

bool Console::is_terminal() {
  return ::isatty(STDOUT_FILENO) != 0;
}

bool Console::colours() {
  const char* no_color = std::getenv("NO_COLOR");
  return is_terminal() && (no_color == nullptr || *no_color == '\0');
}

std::size_t Console::width() {
  winsize size{};
  if (is_terminal() && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    return size.ws_col;
  return 100;
}

void Console::erase() {
  if (shown_.empty()) return;
  std::fputs("\r\033[K", stdout);
  std::fflush(stdout);
  shown_.clear();
}

void Console::show(const std::string& live) {
  if (!live_) return;
  erase();
  shown_ = live.substr(0, width() - 1);
  std::fputs(shown_.c_str(), stdout);
  std::fflush(stdout);
}

void Console::line(const std::string& text) {
  const std::string again = shown_;
  erase();
  std::fputs((text + "\n").c_str(), stdout);
  std::fflush(stdout);
  if (!again.empty()) show(again);
}

void Console::on_waiting_for_connection(const std::string& url) {
  if (url.rfind("ws", 0) == 0 && url.find("memory") == std::string::npos)
    line("Waiting for the charge point at " + url + "<identity>");
}

void Console::on_connected(const std::string& identity) {
  line("Charge point '" + identity + "' is connected.");
}

void Console::on_refused(const std::string& reason) {
  // A charge point that keeps trying must not flood the terminal.
  if (reason == last_refusal_) return;
  last_refusal_ = reason;
  line("No connection: " + reason);
}

void Console::on_case_started(const suite::TestCase& test_case, std::size_t index, std::size_t of) {
  show("[" + std::to_string(index + 1) + "/" + std::to_string(of) + "] " + test_case.id + "  " +
       test_case.title + " ...");
}

void Console::on_case_done(const suite::TestCase& test_case, const run::CaseResult& result) {
  erase();
  reports::CaseResult shown;
  shown.id = test_case.id;
  shown.title = test_case.title;
  shown.verdict =
      reports::parse_verdict(run::to_string(result.verdict)).value_or(reports::Verdict::error);
  shown.seconds = result.seconds;
  shown.attempts = 1;
  line(reports::case_line(shown, {colours(), width()}));
  if (result.verdict != run::Verdict::pass) line("        " + result.reason);
}

}  // namespace plugproof::cli
