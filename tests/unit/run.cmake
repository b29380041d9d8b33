plugproof_test(plugproof_run_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/run_action_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_charging_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_journal_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_left_behind_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_monitor_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_order_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_pixit_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_queue_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_receive_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_responder_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_security_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_sharing_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_signal_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_transfer_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/run_wire_facts_test.cpp
  DEPENDS plugproof_run)
