plugproof_test(plugproof_link_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/link_event_loop_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/link_frame_header_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/link_handshake_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/link_memory_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/link_memory_tls_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/link_tls_names_test.cpp
  DEPENDS plugproof_link plugproof_certs)
