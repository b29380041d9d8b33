# cmake -DFOLDER=reports/html -DOUTPUT=file.cpp -P embed_html.cmake
# Puts the template, the style and the script of the HTML report into one C++ file.
set(functions "")
foreach(pair template:report.html style:report.css script:report.js)
  string(REPLACE ":" ";" pair ${pair})
  list(GET pair 0 name)
  list(GET pair 1 file)
  file(READ ${FOLDER}/${file} text)
  string(APPEND functions "std::string_view embedded_${name}() {
  return R\"report(${text})report\";
}

")
endforeach()
file(WRITE ${OUTPUT} "// Generated from reports/html by embed_html.cmake.
#include \"reports/html/template.hpp\"

namespace plugproof::reports::html {

${functions}}  // namespace plugproof::reports::html
")
