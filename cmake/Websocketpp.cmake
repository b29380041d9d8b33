# websocketpp 0.8.2 writes some constructors as template-ids, which g++ 12 refuses in C++20. Three of
# its headers are copied with that spelling mended and put before the system's.
find_path(WEBSOCKETPP_INCLUDE websocketpp/server.hpp REQUIRED)
find_path(ASIO_INCLUDE asio.hpp REQUIRED)
set(WEBSOCKETPP_MENDED ${PROJECT_BINARY_DIR}/mended-include)

function(plugproof_mend header)
  file(READ ${WEBSOCKETPP_INCLUDE}/websocketpp/${header} text)
  set(pairs ${ARGN})
  while(pairs)
    list(POP_FRONT pairs pattern replacement)
    string(REGEX REPLACE "${pattern}" "${replacement}" changed "${text}")
    if(changed STREQUAL text)
      message(FATAL_ERROR "websocketpp/${header}: '${pattern}' not found. This version of websocketpp "
                          "differs from 0.8.2: look whether it compiles as C++20 unmended, then adapt ${CMAKE_CURRENT_LIST_FILE}")
    endif()
    set(text "${changed}")
  endwhile()
  file(CONFIGURE OUTPUT ${WEBSOCKETPP_MENDED}/websocketpp/${header} CONTENT "${text}" @ONLY)
endfunction()

plugproof_mend(logger/basic.hpp "basic<concurrency,names>\\(" "basic(")
plugproof_mend(endpoint.hpp "~endpoint<connection,config>\\(\\)" "~endpoint()")
plugproof_mend(roles/server_endpoint.hpp "~server<config>\\(\\)" "~server()"
               "server<config>\\(server<config> " "server(server<config> ")

# Asio 1.22 takes aligned_alloc or operator new as what was included before it has it: units differ, and
# free each other's memory.
set(ASIO_SWITCHES ASIO_STANDALONE ASIO_DISABLE_STD_ALIGNED_ALLOC)

add_library(plugproof_websocketpp INTERFACE)
target_include_directories(plugproof_websocketpp SYSTEM INTERFACE ${WEBSOCKETPP_MENDED} ${WEBSOCKETPP_INCLUDE} ${ASIO_INCLUDE})
target_compile_definitions(plugproof_websocketpp INTERFACE ${ASIO_SWITCHES})
target_link_libraries(plugproof_websocketpp INTERFACE OpenSSL::SSL OpenSSL::Crypto Threads::Threads)

add_library(plugproof_asio INTERFACE)
target_include_directories(plugproof_asio SYSTEM INTERFACE ${ASIO_INCLUDE})
target_compile_definitions(plugproof_asio INTERFACE ${ASIO_SWITCHES})
target_link_libraries(plugproof_asio INTERFACE Threads::Threads)
