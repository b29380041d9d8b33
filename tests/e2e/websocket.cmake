plugproof_test(plugproof_websocket_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/charge_point_tls_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/websocket_faults_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/websocket_handshake_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/websocket_link_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/websocket_protocol_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/websocket_tls_certificates_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/websocket_tls_faults_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/websocket_tls_programs_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/websocket_tls_test.cpp
  DEPENDS plugproof_websocket plugproof_certs plugproof_asio plugproof_simulator)
