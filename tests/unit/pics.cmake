plugproof_test(pics_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/pics_certified_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/pics_loader_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/pics_rules_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/pics_programme_test.cpp
  DEPENDS plugproof_pics)
