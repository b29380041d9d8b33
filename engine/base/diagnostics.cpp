#include "engine/base/diagnostics.hpp"

#include <algorithm>
#include <cctype>
#include <fstream>
#include <numeric>

namespace plugproof::base {

namespace {

// A line of a user's file with a password in it is not for a terminal or a CI log.
bool may_hold_secret(const std::string& line) {
  return line.find("authorization_key") != std::string::npos ||
         line.find("password") != std::string::npos;
}

std::string read_line(const std::string& file, int number) {
  std::ifstream in(file);
  std::string line;
  for (int i = 0; i < number; ++i)
    if (!std::getline(in, line)) return {};
  return line;
}

// Edits (insert, delete, replace) between two names, without regard to case.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = std::tolower(static_cast<unsigned char>(a[i - 1])) ==
                        std::tolower(static_cast<unsigned char>(b[j - 1]));
      const std::size_t replaced = diagonal + (same ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string SourcePos::to_string() const {
  if (line == 0) return file;
  return file + ":" + std::to_string(line) + ":" + std::to_string(column);
}

void Diagnostics::error(SourcePos pos, std::string message, std::string remedy) {
  all_.push_back({Severity::error, std::move(pos), std::move(message), std::move(remedy)});
  ++errors_;
}

void Diagnostics::warning(SourcePos pos, std::string message, std::string remedy) {
  all_.push_back({Severity::warning, std::move(pos), std::move(message), std::move(remedy)});
}

std::string Diagnostics::render() const {
  std::string out;
  for (const auto& d : all_) {
    out += d.pos.to_string() + ": " + (d.severity == Severity::error ? "error: " : "warning: ") +
           d.message + "\n";
    if (d.pos.line > 0) {
      std::string line = read_line(d.pos.file, d.pos.line);
      std::replace(line.begin(), line.end(), '\t', ' ');
      if (!line.empty() && line.size() < 300 && !may_hold_secret(line)) {
        out += "    " + line + "\n";
        out += "    " + std::string(static_cast<std::size_t>(std::max(0, d.pos.column - 1)), ' ') +
               "^\n";
      }
    }
    if (!d.remedy.empty()) out += "    " + d.remedy + "\n";
  }
  return out;
}

std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string best = nearest_name(name, candidates);
  return best.empty() ? std::string() : "did you mean '" + best + "'?";
}

}  // namespace plugproof::base
