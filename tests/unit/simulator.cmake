plugproof_test(simulator_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/simulator_boot_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_charging_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_session_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_request_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_offline_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_metering_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_defect_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_profile_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_firmware_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_diagnostics_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_security_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_security_log_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_certificates_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_renewal_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_signed_firmware_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_tls_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/simulator_variation_test.cpp
  TIMEOUT 600
  DEPENDS plugproof_simulator plugproof_certs)
