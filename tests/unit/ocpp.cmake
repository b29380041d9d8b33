plugproof_test(ocpp_test
  SOURCES
    ${CMAKE_CURRENT_LIST_DIR}/ocpp_embedded_schemas_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ocpp_examples_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ocpp_field_info_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ocpp_formats_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ocpp_frame_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ocpp_hostile_frame_test.cpp
    ${CMAKE_CURRENT_LIST_DIR}/ocpp_validator_test.cpp
  DEPENDS plugproof_ocpp)
