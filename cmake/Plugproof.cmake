# Our own warnings, for our own code only: dependencies come in as SYSTEM.
add_library(plugproof_warnings INTERFACE)
target_compile_options(plugproof_warnings INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
# g++ 12 sees overlaps in std::string's own operator+ at -O3 that are not there (GCC bug 105651).
target_compile_options(plugproof_warnings INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>)
target_include_directories(plugproof_warnings INTERFACE ${PROJECT_SOURCE_DIR})

# plugproof_part(name SOURCES... DEPENDS...): one part of the design as a static library.
function(plugproof_part name)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_DEPENDS} PRIVATE plugproof_warnings)
  target_include_directories(${name} PUBLIC ${PROJECT_SOURCE_DIR})
endfunction()

# What most tests include, compiled once: half of the work on a test file would be GoogleTest and the standard library.
# Tests are read by the compiler more often than they run, so they are optimised lightly.
function(plugproof_test_headers)
  if(TARGET plugproof_test_headers)
    return()
  endif()
  file(WRITE ${PROJECT_BINARY_DIR}/test_headers.cpp "")
  add_library(plugproof_test_headers OBJECT ${PROJECT_BINARY_DIR}/test_headers.cpp)
  target_link_libraries(plugproof_test_headers PRIVATE plugproof_warnings GTest::gtest)
  target_compile_options(plugproof_test_headers PRIVATE $<$<CONFIG:Release>:-O1>)
  target_precompile_headers(plugproof_test_headers PRIVATE
    <gtest/gtest.h> <algorithm> <chrono> <cstdint> <filesystem> <fstream> <functional> <map> <memory> <optional> <random>
    <set> <sstream> <stdexcept> <string> <string_view> <variant> <vector>
    ${PROJECT_SOURCE_DIR}/engine/base/clock.hpp ${PROJECT_SOURCE_DIR}/engine/base/diagnostics.hpp
    ${PROJECT_SOURCE_DIR}/engine/base/json.hpp ${PROJECT_SOURCE_DIR}/engine/base/value.hpp)
endfunction()

# plugproof_test(name SOURCES... DEPENDS...): one GoogleTest program, run as one CTest test.
function(plugproof_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  find_package(GTest REQUIRED)
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} plugproof_warnings GTest::gtest GTest::gtest_main)
  target_compile_options(${name} PRIVATE $<$<CONFIG:Release>:-O1>)
  plugproof_test_headers()
  target_precompile_headers(${name} REUSE_FROM plugproof_test_headers)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
