# The file servers and the file client over real sockets. They need curl, proftpd-core, proftpd-mod-crypto
# and proftpd-mod-vroot (tools/setup.sh --tests).
plugproof_test(plugproof_files_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/control_connection_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/files_faults_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/files_http_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/files_interrupted_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/files_transfer_test.cpp
  DEPENDS plugproof_file_servers plugproof_file_client plugproof_httplib plugproof_asio
  TIMEOUT 900)
