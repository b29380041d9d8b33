plugproof_test(plugproof_transfer_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/transfer_memory_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/transfer_server_certificate_test.cpp
  DEPENDS plugproof_transfer plugproof_file_servers plugproof_certs)
