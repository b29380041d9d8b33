#include "reports/abstract_pdf.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

#include "engine/base/diagnostics.hpp"
#include "reports/abstract_html.hpp"

extern char** environ;

namespace plugproof::reports {

namespace fs = std::filesystem;

namespace {

// Where a program lies in PATH; nothing when it is not installed.
std::optional<fs::path> installed(const std::string& name) {
  const char* path = std::getenv("PATH");
  std::string_view rest = path ? path : "";
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(':'), rest.size());
    const fs::path candidate = fs::path(rest.substr(0, end)) / name;
    std::error_code error;
    if (fs::is_regular_file(candidate, error) && access(candidate.c_str(), X_OK) == 0)
      return candidate;
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return std::nullopt;
}

// A path as the end of a file:// address (RFC 3986 section 2.3).
std::string percent_encoded(const std::string& path) {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte) != 0 || std::string_view("/-._~").find(c) != std::string_view::npos) {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4];
      out += kDigits[byte & 15];
    }
  }
  return out;
}

std::string filled(std::string argument, const std::string& html, const std::string& pdf) {
  const auto replace = [&](const std::string& mark, const std::string& text) {
    const std::size_t at = argument.find(mark);
    if (at != std::string::npos) argument.replace(at, mark.size(), text);
  };
  replace("{address}", "file://" + percent_encoded(html));
  replace("{html}", html);
  replace("{pdf}", pdf);
  return argument;
}

// Whether the program ran and ended with status 0. What it prints is not for our output.
bool ran(const fs::path& program, const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  std::string name = program.string();
  argv.push_back(name.data());
  std::vector<std::string> words = arguments;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t silent;
  posix_spawn_file_actions_init(&silent);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    posix_spawn_file_actions_addopen(&silent, stream, "/dev/null", O_RDWR, 0);
  pid_t child = 0;
  const int failed = posix_spawn(&child, name.c_str(), &silent, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&silent);
  if (failed != 0) return false;
  int status = 0;
  while (waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

const std::vector<PdfProgram>& pdf_programs() {
  // Chromium's own header and footer would hide ours. It refuses to run as root within its sandbox;
  // the page is our own and runs nothing.
  static const std::vector<std::string> chromium = [] {
    std::vector<std::string> arguments = {"--headless", "--disable-gpu", "--no-pdf-header-footer"};
    if (geteuid() == 0) arguments.emplace_back("--no-sandbox");
    arguments.insert(arguments.end(), {"--print-to-pdf={pdf}", "{address}"});
    return arguments;
  }();
  static const std::vector<PdfProgram> programs = {{"weasyprint", {"{html}", "{pdf}"}},
                                                   {"chromium", chromium},
                                                   {"chromium-browser", chromium},
                                                   {"google-chrome", chromium}};
  return programs;
}

std::string write_abstract_pdf(const Results& results, const std::string& run_folder) {
  const fs::path folder = fs::absolute(run_folder);
  const fs::path pdf = folder / "abstract.pdf";
  const fs::path html = folder / "abstract.pdf.html";
  const fs::path draft = folder / "abstract.pdf.part";
  for (const auto& program : pdf_programs()) {
    const auto place = installed(program.name);
    if (!place) continue;
    std::ofstream page(html, std::ios::binary | std::ios::trunc);
    page << render_abstract_html(results);
    page.close();
    if (!page)
      throw base::InputError(html.string() +
                             ": cannot be written; check the folder's rights and the free space");
    std::vector<std::string> arguments;
    for (const auto& argument : program.arguments)
      arguments.push_back(filled(argument, html.string(), draft.string()));
    const bool done = ran(*place, arguments);
    std::error_code error;
    fs::remove(html, error);
    const bool drawn = done && fs::file_size(draft, error) > 0 && !error;
    if (drawn) fs::rename(draft, pdf, error);
    if (drawn && !error) return program.name;
    std::error_code ignored;
    fs::remove(draft, ignored);
    throw base::InputError("abstract.pdf: " + place->string() +
                           " did not make it; print abstract.html from a browser instead, or try " +
                           program.name + " on that file to see why");
  }
  throw base::InputError(
      "abstract.pdf: no program that makes PDF is installed; install weasyprint (Debian: apt-get "
      "install weasyprint) or chromium, or print abstract.html from a browser");
}

}  // namespace plugproof::reports
