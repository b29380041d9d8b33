plugproof_test(plugproof_schedule_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/schedule_comparison_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/schedule_composite_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/schedule_profile_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/schedule_property_test.cpp
  DEPENDS plugproof_schedule)
