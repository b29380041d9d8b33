#include "engine/run/pixit_files.hpp"

#include <algorithm>
#include <filesystem>

#include "certs/naming.hpp"
#include "engine/suite/map_reader.hpp"
#include "engine/transfer/names.hpp"

namespace plugproof::run {

using base::Diagnostics;
using base::Value;
using base::YamlNode;

namespace {

void add_protocols(std::string_view word, std::vector<transfer::Protocol>& protocols) {
  for (const auto protocol : transfer::protocols_named(word))
    if (std::find(protocols.begin(), protocols.end(), protocol) == protocols.end())
      protocols.push_back(protocol);
}

std::uint16_t port_of(const YamlNode& node, const std::string& name, Diagnostics& diagnostics) {
  const Value value = node.to_value();
  if (value.is_int() && value.as_int() >= 0 && value.as_int() <= 65535)
    return static_cast<std::uint16_t>(value.as_int());
  diagnostics.error(node.pos, "'" + name + "' must be a number from 0 to 65535 (0: any free port)");
  return 0;
}

void load_ports(suite::MapReader& in, FileSettings& files, Diagnostics& diagnostics) {
  const std::pair<const char*, std::uint16_t*> ports[] = {
      {"http_port", &files.http_port},
      {"https_port", &files.https_port},
      {"ftp_port", &files.ftp_port},
      {"ftps_port", &files.ftps_port},
      {"ftps_implicit_port", &files.ftps_implicit_port}};
  for (const auto& [name, port] : ports)
    if (const YamlNode* node = in.get(name)) *port = port_of(*node, name, diagnostics);
  const YamlNode* passive = in.get("passive_ports");
  if (!passive) return;
  if (!passive->is_list() || passive->items.size() != 2) {
    diagnostics.error(passive->pos, "'passive_ports' must be the first and the last port",
                      "write passive_ports: [50000, 50009]");
    return;
  }
  files.first_passive_port = port_of(passive->items[0], "passive_ports", diagnostics);
  files.last_passive_port = port_of(passive->items[1], "passive_ports", diagnostics);
  if (files.last_passive_port < files.first_passive_port)
    diagnostics.error(passive->pos, "the last of 'passive_ports' is below the first");
}

std::string file_at(suite::MapReader& in, const char* name, Diagnostics& diagnostics) {
  const YamlNode* node = in.get(name);
  if (!node) return {};
  std::error_code error;
  if (!std::filesystem::is_regular_file(node->text, error))
    diagnostics.error(node->pos,
                      "'" + std::string(name) + "': there is no file '" + node->text + "'",
                      "paths count from the folder in which plugproof is started");
  return node->text;
}

std::string host_at(suite::MapReader& in, Diagnostics& diagnostics) {
  const YamlNode* node = in.get("host");
  const std::string host = in.text("host");
  if (!node) return host;
  std::string problem = certs::host_problem(host);
  if (problem.empty() && host.front() == '*') problem = "it stands for many hosts, not for one";
  if (!problem.empty())
    diagnostics.error(node->pos, "'host' cannot be where a charge point reaches us: " + problem,
                      "give a name or an IP address alone, without scheme, port, brackets or a dot "
                      "at the end");
  return host;
}

}  // namespace

FileSettings default_files(const pics::Pics& pics) {
  FileSettings files;
  const auto claimed = pics.lookup("ORS-16");
  if (claimed && claimed->is_list())
    for (const auto& word : claimed->as_list())
      if (word.is_string()) add_protocols(word.as_string(), files.protocols);
  if (files.protocols.empty())
    for (const auto& word : transfer::protocol_words()) add_protocols(word, files.protocols);
  return files;
}

void load_files(const YamlNode& node, FileSettings& files, std::map<std::string, Value>& values,
                Diagnostics& diagnostics) {
  suite::MapReader in(node, "files", diagnostics);
  files.host = host_at(in, diagnostics);
  if (const YamlNode* given = in.get("protocols")) {
    files.protocols.clear();
    for (const auto& word : in.texts("protocols")) {
      if (transfer::protocols_named(word).empty())
        diagnostics.error(given->pos, "'" + word + "' is no protocol for files",
                          base::did_you_mean(word, transfer::protocol_words()));
      add_protocols(word, files.protocols);
    }
  }
  load_ports(in, files, diagnostics);
  files.certificate = file_at(in, "certificate", diagnostics);
  files.key = file_at(in, "key", diagnostics);
  if (files.certificate.empty() != files.key.empty())
    diagnostics.error(node.pos, "'certificate' and 'key' belong together",
                      "give both, or neither: one is then made for the run");
  if (in.get("http_credentials")) files.http_credentials = in.flag("http_credentials");
  files.firmware = file_at(in, "firmware", diagnostics);
  files.invalid_firmware = file_at(in, "invalid_firmware", diagnostics);
  for (const char* name : {"failing_firmware_location", "failing_diagnostics_location"}) {
    const YamlNode* location = in.get(name);
    if (!location) continue;
    if (location->text.find("://") == std::string::npos)
      diagnostics.error(location->pos, "'" + std::string(name) + "' must be a URL");
    values[name] = location->text;
  }
  in.finish();
}

}  // namespace plugproof::run
