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

# plugproof_test(name SOURCES... DEPENDS...): one GoogleTest program, run as one CTest test.
function(plugproof_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPENDS" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  find_package(GTest REQUIRED)
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_DEPENDS} plugproof_warnings GTest::gtest GTest::gtest_main)
  add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${PROJECT_SOURCE_DIR})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT})
endfunction()
