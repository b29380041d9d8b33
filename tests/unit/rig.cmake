plugproof_test(plugproof_rig_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/rig_test.cpp
  DEPENDS plugproof_rig)
