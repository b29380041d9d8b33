// The one class that knows how to write to the terminal: a live line on a TTY, whole lines off it.
#pragma once

#include <cstdio>
#include <string>

#include "engine/run/runner.hpp"

namespace plugproof::cli {

class Console final : public run::RunObserver {
 public:
  // `live`: a line that is rewritten while a case runs; only on a terminal and on real time.
  explicit Console(bool live);
  ~Console() override;

  static bool is_terminal();
  // Colours only on a terminal, and not with NO_COLOR.
  static bool colours();
  static std::size_t width();

  // A whole line, above the live one.
  void line(const std::string& text);

  void on_waiting_for_connection(const std::string& url) override;
  void on_connected(const std::string& identity) override;
  void on_refused(const std::string& reason) override;
  void on_case_started(const suite::TestCase& test_case, std::size_t index,
                       std::size_t of) override;
  void on_case_done(const suite::TestCase& test_case, const run::CaseResult& result) override;

 private:
  void show(const std::string& live);
  void erase();

  bool live_;
  std::string shown_;
  std::string last_refusal_;
};

}  // namespace plugproof::cli
