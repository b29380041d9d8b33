#include "reports/abstract_html.hpp"

#include "reports/abstract.hpp"
#include "reports/text.hpp"

namespace plugproof::reports {

namespace {

// A text inside a CSS string: the mark stands on every printed page, outside of the document.
std::string css_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : printable(text)) {
    // By its number: the end tag of the style element would end it even within a string.
    if (c == '<') {
      out += "\\3c ";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string style(const Abstract& abstract) {
  return "@page { size: A4; margin: 18mm 16mm 20mm;\n"
         "  @bottom-left { content: " +
         css_string(abstract.mark) +
         "; font: 8pt sans-serif; color: #a00000; }\n"
         "  @bottom-right { content: counter(page) \" / \" counter(pages); font: 8pt sans-serif; "
         "} }\n"
         ":root { color-scheme: light; }\n"
         "body { font: 10pt/1.4 \"DejaVu Sans\", Arial, sans-serif; color: #111; background: "
         "#fff;\n"
         "  max-width: 178mm; margin: 0 auto; padding: 0 4mm; }\n"
         "h1 { font-size: 18pt; margin: 6mm 0 3mm; }\n"
         "h2 { font-size: 13pt; margin: 8mm 0 1mm; border-bottom: 0.4mm solid #335; }\n"
         "h3 { font-size: 11pt; margin: 5mm 0 1mm; }\n"
         "h2, h3, .mark, caption { break-after: avoid; }\n"
         "p { margin: 1.5mm 0; }\n"
         ".notice { background: #f4f4f0; padding: 2mm 3mm; }\n"
         ".warning, .remark { border-left: 1mm solid #a00000; padding-left: 3mm; }\n"
         ".warning { font-weight: bold; color: #a00000; }\n"
         ".mark { font-size: 8pt; color: #a00000; margin: 0 0 1.5mm; }\n"
         "table { border-collapse: collapse; width: 100%; margin: 2mm 0 4mm; }\n"
         "caption { text-align: left; font-weight: bold; margin-bottom: 1mm; }\n"
         "th, td { border: 0.2mm solid #999; padding: 0.8mm 1.8mm; text-align: left;\n"
         "  vertical-align: top; overflow-wrap: break-word; }\n"
         ".ids td:first-child { white-space: nowrap; }\n"
         // What a charge point said may be one endless word.
         ".own td { overflow-wrap: anywhere; }\n"
         "thead th { background: #e6e9f0; }\n"
         "tbody th { font-weight: normal; background: #f7f8fa; }\n"
         "tr { break-inside: avoid; }\n"
         "thead { display: table-header-group; }\n"
         "@media print { body { max-width: none; padding: 0; } }\n";
}

std::string cell(const char* tag, std::string_view attributes, std::string_view text) {
  std::string out = std::string("<") + tag;
  if (!attributes.empty()) out += " " + std::string(attributes);
  return out + ">" + xml(text) + "</" + tag + ">";
}

std::string paragraph(const char* kind, std::string_view text) {
  return (*kind ? std::string("<p class=\"") + kind + "\">" : std::string("<p>")) + xml(text) +
         "</p>\n";
}

std::string drawn(const AbstractText& text, bool) {
  return text.remark ? paragraph("remark", "Remark: " + text.text) : paragraph("", text.text);
}

std::string drawn(const AbstractTable& table, bool own) {
  const std::size_t columns = table.columns();
  const bool ids = !table.header.empty() && table.header.front() == "ID";
  std::string out = std::string("<table class=\"") + (own ? "own" : ids ? "ids" : "form") + "\">\n";
  if (!table.title.empty()) out += "<caption>" + xml(table.title) + "</caption>\n";
  if (!table.header.empty()) {
    out += "<thead><tr>";
    for (std::size_t i = 0; i < columns; ++i)
      out += cell("th", "scope=\"col\"", i < table.header.size() ? table.header[i] : "");
    out += "</tr></thead>\n";
  }
  out += "<tbody>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    if (row.size() == 1 && columns > 1) {
      out += cell("th", "scope=\"rowgroup\" colspan=\"" + std::to_string(columns) + "\"", row[0]);
    } else {
      // A name and its value: the name heads its row.
      const bool named = table.header.empty();
      for (std::size_t i = 0; i < columns; ++i)
        out += cell(named && i == 0 ? "th" : "td", named && i == 0 ? "scope=\"row\"" : "",
                    i < row.size() ? row[i] : "");
    }
    out += "</tr>\n";
  }
  return out + "</tbody>\n</table>\n";
}

std::string warnings_of(const Abstract& abstract) {
  std::string out;
  for (const auto& warning : abstract.warnings) out += paragraph("warning", warning);
  return out;
}

}  // namespace

std::string render_abstract_html(const Results& results) {
  const Abstract abstract = make_abstract(results);
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
      xml(abstract.title + ": " + results.run.name + " (" + abstract.mark + ")") +
      "</title>\n<style>\n" + style(abstract) + "</style>\n</head>\n<body>\n<h1>" +
      xml(abstract.title) + "</h1>\n" + paragraph("notice", abstract.notice) +
      warnings_of(abstract);
  for (const auto& section : abstract.sections) {
    const std::string tag = "h" + std::to_string(section.level);
    out += "<" + tag + ">" + xml(section.title) + "</" + tag + ">\n";
    if (section.level == 2)
      out +=
          paragraph("mark", abstract.mark + (section.own ? ". A section of plugproof's own" : ""));
    for (const auto& block : section.blocks)
      out += std::visit([&](const auto& content) { return drawn(content, section.own); }, block);
  }
  return out + warnings_of(abstract) + paragraph("", abstract.closing) + "</body>\n</html>\n";
}

}  // namespace plugproof::reports
