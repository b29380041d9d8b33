# cmake -DSCHEMAS=folder -DOUTPUT=file.cpp -P embed_schemas.cmake
# Writes every <Action>.request.json and <Action>.response.json of the folder into one C++ file.
file(GLOB files ${SCHEMAS}/*.json)
list(SORT files)
set(entries "")
foreach(path IN LISTS files)
  get_filename_component(name ${path} NAME)
  if(NOT name MATCHES "^([A-Za-z]+)\\.(request|response)\\.json$")
    message(FATAL_ERROR "${path}: a schema is named <Action>.request.json or <Action>.response.json")
  endif()
  set(action ${CMAKE_MATCH_1})
  set(direction ${CMAKE_MATCH_2})
  file(READ ${path} text)
  string(APPEND entries "    {\"${action}\", Direction::${direction}, R\"json(${text})json\"},\n")
endforeach()
file(WRITE ${OUTPUT} "// Generated from engine/ocpp/schemas by embed_schemas.cmake.
#include \"engine/ocpp/embedded_schemas.hpp\"

namespace plugproof::ocpp {

const std::vector<EmbeddedSchema>& embedded_schemas() {
  static const std::vector<EmbeddedSchema> schemas = {
${entries}  };
  return schemas;
}

}  // namespace plugproof::ocpp
")
