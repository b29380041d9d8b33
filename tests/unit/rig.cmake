plugproof_test(plugproof_rig_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/rig_http_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/rig_lab_interface_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/rig_test.cpp
  DEPENDS plugproof_rig plugproof_httplib plugproof_asio)
