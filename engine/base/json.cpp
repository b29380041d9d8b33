#include "engine/base/json.hpp"

#include <rapidjson/encodedstream.h>
#include <rapidjson/error/en.h>
#include <rapidjson/memorystream.h>
#include <rapidjson/prettywriter.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <cmath>
#include <set>

namespace plugproof::base {

namespace {

// Builds a Value from RapidJSON's events, so that no second tree is made and the depth is under
// control.
class Builder : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Builder> {
 public:
  bool Null() { return add(Value()); }
  bool Bool(bool b) { return add(Value(b)); }
  bool Int(int i) { return add(Value(static_cast<std::int64_t>(i))); }
  bool Uint(unsigned u) { return add(Value(static_cast<std::int64_t>(u))); }
  bool Int64(std::int64_t i) { return add(Value(i)); }
  bool Uint64(std::uint64_t u) {
    if (u > static_cast<std::uint64_t>(INT64_MAX)) return add(Value(static_cast<double>(u)));
    return add(Value(static_cast<std::int64_t>(u)));
  }
  bool Double(double d) { return add(Value(d)); }
  bool String(const char* s, rapidjson::SizeType n, bool) { return add(Value(std::string(s, n))); }
  bool StartObject() { return open(Value(Value::Object{})); }
  bool Key(const char* s, rapidjson::SizeType n, bool) {
    std::string key(s, n);
    if (!stack_.back().keys.insert(key).second) {
      problem_ = "member " + quote_json(key) + " occurs twice";
      return false;
    }
    stack_.back().key = std::move(key);
    return true;
  }
  bool EndObject(rapidjson::SizeType) { return close(); }
  bool StartArray() { return open(Value(Value::List{})); }
  bool EndArray(rapidjson::SizeType) { return close(); }

  Value take() { return std::move(root_); }
  const std::string& problem() const { return problem_; }

 private:
  struct Level {
    Value value;
    std::string key;             // of the member that is being read, for objects
    std::set<std::string> keys;  // those read so far: a search in a hostile object must stay short
  };

  bool open(Value container) {
    if (stack_.size() >= static_cast<std::size_t>(kMaxJsonDepth)) {
      problem_ = "nested deeper than " + std::to_string(kMaxJsonDepth) + " levels";
      return false;
    }
    stack_.push_back({std::move(container), {}, {}});
    return true;
  }
  bool close() {
    Value done = std::move(stack_.back().value);
    stack_.pop_back();
    return add(std::move(done));
  }
  bool add(Value v) {
    if (stack_.empty()) {
      root_ = std::move(v);
    } else if (stack_.back().value.is_list()) {
      stack_.back().value.as_list().push_back(std::move(v));
    } else {
      stack_.back().value.as_object().emplace_back(std::move(stack_.back().key), std::move(v));
    }
    return true;
  }

  std::vector<Level> stack_;
  Value root_;
  std::string problem_;
};

template <typename Writer>
void write(Writer& writer, const Value& value) {
  if (value.is_null()) {
    writer.Null();
  } else if (value.is_bool()) {
    writer.Bool(value.as_bool());
  } else if (value.is_int()) {
    writer.Int64(value.as_int());
  } else if (value.is_double()) {
    // JSON has no infinity; without a word the line would be no JSON.
    if (std::isfinite(value.as_number()))
      writer.Double(value.as_number());
    else
      writer.Null();
  } else if (value.is_string()) {
    const auto& s = value.as_string();
    writer.String(s.data(), static_cast<rapidjson::SizeType>(s.size()));
  } else if (value.is_list()) {
    writer.StartArray();
    for (const auto& item : value.as_list()) write(writer, item);
    writer.EndArray();
  } else {
    writer.StartObject();
    for (const auto& [key, member] : value.as_object()) {
      writer.Key(key.data(), static_cast<rapidjson::SizeType>(key.size()));
      write(writer, member);
    }
    writer.EndObject();
  }
}

}  // namespace

JsonResult read_json(std::string_view text) {
  // RapidJSON takes a NUL for the end of the text, whatever stands behind it.
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos)
    return {std::nullopt, {nul, "a NUL byte"}};
  constexpr unsigned kFlags = rapidjson::kParseIterativeFlag | rapidjson::kParseFullPrecisionFlag |
                              rapidjson::kParseValidateEncodingFlag;
  // RFC 8259 section 8.1: no byte order mark. RapidJSON would skip it without a word.
  if (text.substr(0, 3) == "\xEF\xBB\xBF")
    return {std::nullopt, {0, "the text begins with a byte order mark"}};
  rapidjson::MemoryStream memory(text.data(), text.size());
  rapidjson::EncodedInputStream<rapidjson::UTF8<>, rapidjson::MemoryStream> stream(memory);
  rapidjson::Reader reader;
  Builder builder;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, builder);
  if (parsed.IsError()) {
    std::string message =
        builder.problem().empty() ? rapidjson::GetParseError_En(parsed.Code()) : builder.problem();
    return {std::nullopt, {parsed.Offset(), std::move(message)}};
  }
  return {builder.take(), {}};
}

std::string write_json(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  write(writer, value);
  return {buffer.GetString(), buffer.GetSize()};
}

std::string write_json_pretty(const Value& value) {
  rapidjson::StringBuffer buffer;
  rapidjson::PrettyWriter<rapidjson::StringBuffer> writer(buffer);
  writer.SetIndent(' ', 2);
  write(writer, value);
  return std::string(buffer.GetString(), buffer.GetSize()) + "\n";
}

std::string quote_json(std::string_view text) {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {buffer.GetString(), buffer.GetSize()};
}

}  // namespace plugproof::base
