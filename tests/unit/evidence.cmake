# They need the program openssl (tools/setup.sh --tests): as the time-stamp authority, and as the third party that checks.
plugproof_test(evidence_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/evidence_archive_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/evidence_bundle_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/evidence_damage_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/evidence_timestamp_test.cpp
  TIMEOUT 300
  DEPENDS plugproof_evidence plugproof_httplib)
target_link_libraries(evidence_test PRIVATE LibArchive::LibArchive)
