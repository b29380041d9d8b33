# They need the program openssl (tools/setup.sh --tests): as the third party that reads and checks.
plugproof_test(plugproof_certs_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/certs_bench_pki_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/certs_chain_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/certs_facts_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/certs_openssl_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/certs_pki_folder_test.cpp
  DEPENDS plugproof_certs)
