#include "engine/run/pixit_rig.hpp"

#include <algorithm>
#include <cctype>

#include "engine/suite/map_reader.hpp"

namespace plugproof::run {

using base::Diagnostics;
using base::Value;
using base::YamlNode;

namespace {

// Field names and values of HTTP (RFC 9110 section 5), and those that are not the user's to set.
bool is_field_name(const std::string& name) {
  const std::string others = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || others.find(c) != std::string::npos;
  });
}

bool is_field_value(const std::string& value) {
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool is_ours(const std::string& name) {
  std::string lower;
  for (const char c : name)
    lower.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  return lower == "host" || lower == "connection" || lower == "content-length" ||
         lower == "transfer-encoding";
}

void load_headers(const YamlNode& node, rig::HttpSettings& http, Diagnostics& diagnostics) {
  if (!node.is_map()) {
    diagnostics.error(node.pos, "'headers' must be a map", "write headers: {Name: value}");
    return;
  }
  for (const auto& entry : node.entries) {
    if (!is_field_name(entry.key) || is_ours(entry.key))
      diagnostics.error(entry.key_pos, "'" + entry.key + "' cannot be set as a header",
                        "name one that the laboratory's server asks for, such as Authorization");
    else if (!entry.value.is_scalar() || !is_field_value(entry.value.text))
      diagnostics.error(entry.value.pos,
                        "the header '" + entry.key + "' must be a text of printable ASCII");
    else
      http.headers.emplace_back(entry.key, entry.value.text);
  }
}

void load_base(suite::MapReader& in, const char* key, std::optional<rig::HttpBase>& out,
               Diagnostics& diagnostics) {
  const YamlNode* node = in.get(key);
  if (!node) return;
  std::string problem = "it must be a text";
  if (node->is_scalar()) out = rig::HttpBase::parse(node->text, problem);
  if (!out)
    diagnostics.error(node->pos, std::string("'") + key + "' is no usable URL: " + problem,
                      std::string("write it as in ") + key + ": http://192.168.1.20:8080");
}

void load_http(const YamlNode& node, rig::HttpSettings& http, Diagnostics& diagnostics) {
  suite::MapReader in(node, "rig adapter http", diagnostics);
  if (!in.usable()) return;
  load_base(in, "station", http.station, diagnostics);
  load_base(in, "vehicle", http.vehicle, diagnostics);
  if (!in.get("station"))
    diagnostics.error(node.pos, "the rig adapter 'http' needs the server of the station's side",
                      "write station: http://HOST:PORT");
  if (const YamlNode* path = in.get("path")) {
    http.path = path->text == "/" ? "" : path->text;
    if (!http.path.empty() && (http.path.front() != '/' || http.path.back() == '/' ||
                               http.path.find_first_of("?# ") != std::string::npos))
      diagnostics.error(path->pos, "'path' must begin with '/' and not end with one",
                        "write path: /api/v1, which is the default");
  }
  if (in.get("token_type")) http.token_type = in.text("token_type");
  if (const YamlNode* headers = in.get("headers")) load_headers(*headers, http, diagnostics);
  http.insecure = in.flag("insecure");
  in.finish();
}

}  // namespace

void load_rig(const YamlNode& node, RigSettings& rig, Diagnostics& diagnostics) {
  suite::MapReader in(node, "rig", diagnostics);
  if (in.get("adapters")) rig.adapters = in.texts("adapters");
  const std::vector<std::string> known{"simulator", "command", "http", "console"};
  for (const auto& adapter : rig.adapters)
    if (std::find(known.begin(), known.end(), adapter) == known.end())
      diagnostics.error(node.pos, "there is no rig adapter '" + adapter + "'",
                        base::did_you_mean(adapter, known));
  rig.command = in.texts("command");
  const YamlNode* http = in.get("http");
  if (http) load_http(*http, rig.http, diagnostics);
  if (const YamlNode* timeout = in.get("timeout")) {
    const Value value = timeout->to_value();
    if (value.is_number() && value.as_number() > 0)
      rig.timeout = base::from_seconds(value.as_number());
    else
      diagnostics.error(timeout->pos, "'timeout' must be a number of seconds");
  }
  in.finish();
  const auto asks = [&](const char* adapter) {
    return std::find(rig.adapters.begin(), rig.adapters.end(), adapter) != rig.adapters.end();
  };
  if (asks("command") && rig.command.empty())
    diagnostics.error(node.pos, "the rig adapter 'command' needs a program",
                      "write command: [program, argument ...]");
  if (asks("http") && !http)
    diagnostics.error(node.pos, "the rig adapter 'http' needs the laboratory's server",
                      "write http: {station: http://HOST:PORT}");
}

}  // namespace plugproof::run
