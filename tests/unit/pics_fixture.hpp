// A certified PICS with one line changed: the shape of most PICS tests.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>

#include "pics/pics.hpp"

namespace plugproof::pics {

inline constexpr const char* kTemplate = "pics/template.yaml";
inline constexpr const char* k2025 = "pics/certified/CSC-07A7-1.yaml";
inline constexpr const char* k2024 = "pics/certified/TSCT-2007CP.yaml";
inline constexpr const char* k2024All = "pics/certified/CHQ-S-07SR.yaml";
inline constexpr const char* k2019 = "pics/certified/CSC-14000B7.yaml";
inline constexpr const char* k2019Single = "pics/certified/EVSP007-1CHB.yaml";

inline std::string read_text(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  EXPECT_TRUE(in) << path;
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// The file's text with the first `from` replaced; a change that does not land fails the test.
inline std::string edited(const std::string& path, const std::string& from, const std::string& to) {
  std::string text = read_text(path);
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "'" << from << "' is not in " << path;
  if (at != std::string::npos) text.replace(at, from.size(), to);
  return text;
}

struct Loaded {
  std::optional<Pics> pics;
  base::Diagnostics diagnostics;

  const base::Diagnostic* find(const std::string& part) const {
    for (const auto& diagnostic : diagnostics.all())
      if (diagnostic.message.find(part) != std::string::npos) return &diagnostic;
    return nullptr;
  }
};

inline Loaded load_file(const std::string& path) {
  Loaded loaded;
  loaded.pics = Pics::load(path, loaded.diagnostics);
  return loaded;
}

inline Loaded load_text(const std::string& text) {
  // Tests may run in several processes at once.
  const std::string name =
      testing::TempDir() + "plugproof_pics_" + std::to_string(::getpid()) + ".yaml";
  std::ofstream(name, std::ios::binary) << text;
  Loaded loaded = load_file(name);
  std::filesystem::remove(name);
  return loaded;
}

// Where `text` first stands, as line and column from 1.
inline std::pair<int, int> place_of(const std::string& text, const std::string& part) {
  const auto at = text.find(part);
  EXPECT_NE(at, std::string::npos) << part;
  int line = 1;
  int column = 1;
  for (std::size_t i = 0; i < at && i < text.size(); ++i) {
    ++column;
    if (text[i] == '\n') {
      ++line;
      column = 1;
    }
  }
  return {line, column};
}

// Expects a diagnostic whose message holds `message`, placed where `marked` begins in the text.
inline void expect_at(const std::string& text, const std::string& marked, base::Severity severity,
                      const std::string& message, const std::string& remedy = {}) {
  const Loaded loaded = load_text(text);
  const base::Diagnostic* found = loaded.find(message);
  ASSERT_NE(found, nullptr) << "no diagnostic says '" << message << "' among\n"
                            << loaded.diagnostics.render();
  EXPECT_EQ(found->severity, severity) << loaded.diagnostics.render();
  const auto [line, column] = place_of(text, marked);
  EXPECT_EQ(found->pos.line, line) << loaded.diagnostics.render();
  EXPECT_EQ(found->pos.column, column) << loaded.diagnostics.render();
  EXPECT_NE((found->message + found->remedy).find(remedy), std::string::npos) << found->remedy;
  EXPECT_EQ(loaded.pics.has_value(), severity == base::Severity::warning);
}

inline bool answers(const Pics& pics, const std::string& id, const base::Value& value) {
  const auto answer = pics.lookup(id);
  return answer && *answer == value;
}

}  // namespace plugproof::pics
