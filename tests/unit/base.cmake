plugproof_test(plugproof_base_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/base_clock_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/base_diagnostics_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/base_encoding_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/base_expression_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/base_json_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/base_task_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/base_time_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/base_value_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/base_yaml_test.cpp
  DEPENDS plugproof_base)
