plugproof_test(reports_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/reports_export_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_formats_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_golden_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_history_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_html_parts_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_html_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_journal_reader_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_pdf_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_results_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_terminal_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_text_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/reports_time_test.cpp
  TIMEOUT 300
  DEPENDS plugproof_reports)
