plugproof_test(plugproof_suite_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/suite_estimate_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/suite_loader_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/suite_names_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/suite_order_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/suite_selection_test.cpp
  DEPENDS plugproof_suite)
