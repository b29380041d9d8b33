#include "evidence/manifest.hpp"

#include "engine/base/json.hpp"

namespace plugproof::evidence {

namespace {

using base::Value;

constexpr const char* kKind = "plugproof evidence bundle";

Value texts(const std::vector<std::string>& items) {
  Value::List list;
  for (const auto& item : items) list.emplace_back(item);
  return Value(std::move(list));
}

Value count(std::size_t number) {
  return Value(static_cast<std::int64_t>(number));
}

Value facts_of_run(const reports::Results& results) {
  const reports::RunInfo& run = results.run;
  Value facts = Value::object({{"name", run.name},
                               {"tool", run.tool},
                               {"clock", run.clock},
                               {"dut_kind", run.dut_kind},
                               {"identities", texts(results.duts)},
                               {"defects", texts(run.defects)},
                               {"generation", run.generation},
                               {"edition", run.edition},
                               {"seed", run.seed},
                               {"started", run.started},
                               {"ended", run.ended},
                               {"outcome", results.outcome}});
  if (!run.instance_id.empty()) facts.set("instance", run.instance_id);
  return facts;
}

Value facts_of_counts(const reports::Results& results) {
  const reports::Counts counts = results.counts();
  return Value::object({{"pass", count(counts.pass)},
                        {"fail", count(counts.fail)},
                        {"inconc", count(counts.inconc)},
                        {"error", count(counts.error)},
                        {"not_applicable", count(counts.not_applicable)},
                        {"not_run", count(counts.not_run)}});
}

}  // namespace

std::string write_manifest(const Statement& statement, const RunJournal& journal,
                           const Members& members) {
  const reports::Results& results = journal.results;
  Value manifest =
      Value::object({{"kind", kKind}, {"format", kManifestFormat}, {"tool", statement.tool}});
  if (statement.signer)
    manifest.set("signer", Value::object({{"name", statement.signer->name},
                                          {"fingerprint", statement.signer->fingerprint}}));
  manifest.set("timestamped", statement.timestamped);
  manifest.set("run", facts_of_run(results));
  manifest.set("journal",
               Value::object(
                   {{"records", results.records}, {"head", results.head}, {"torn", results.torn}}));
  manifest.set("pics", Value::object({{"sha256", results.run.pics_sha256}}));
  manifest.set("suite", Value::object({{"sha256", results.run.suite_sha256},
                                       {"cases", results.run.suite_cases}}));
  if (!results.run.firmware_sha256.empty())
    manifest.set("firmware_image", Value::object({{"name", results.run.firmware_name},
                                                  {"sha256", results.run.firmware_sha256}}));
  manifest.set("counts", facts_of_counts(results));
  Value::List files;
  for (const auto& member : members)
    if (!is_seal(member.name))
      files.push_back(Value::object({{"name", member.name},
                                     {"bytes", count(member.bytes.size())},
                                     {"sha256", member.sha256()}}));
  manifest.set("files", Value(std::move(files)));
  return base::write_json_pretty(manifest);
}

ReadManifest read_manifest(const std::string& text) {
  const base::JsonResult read = base::read_json(text);
  if (!read.value || !read.value->is_object() || read.value->string_or("kind", "") != kKind)
    throw Unreadable(std::string(kManifest) + " is no manifest of a bundle");
  const Value& manifest = *read.value;
  if (const std::int64_t format = manifest.int_or("format", 0); format != kManifestFormat)
    throw Unreadable("its manifest has the format " + std::to_string(format) +
                     ", which this version does not know; check it with '" +
                     manifest.string_or("tool", "the version that made it") + "'");
  ReadManifest out;
  out.statement.tool = manifest.string_or("tool", "");
  if (const Value* signer = manifest.find("signer"))
    out.statement.signer =
        Signer{signer->string_or("name", ""), signer->string_or("fingerprint", "")};
  const Value* timestamped = manifest.find("timestamped");
  out.statement.timestamped = timestamped && timestamped->is_bool() && timestamped->as_bool();
  if (const Value* files = manifest.find("files"); files && files->is_list())
    for (const auto& file : files->as_list())
      out.files.push_back(
          {file.string_or("name", ""), file.string_or("sha256", ""), file.int_or("bytes", -1)});
  return out;
}

std::string write_sums(const Members& members) {
  std::string text;
  for (const auto& member : members)
    if (member.name != kSums) text += member.sha256() + "  " + member.name + "\n";
  return text;
}

}  // namespace plugproof::evidence
