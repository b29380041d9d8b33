# The program from outside: processes, sockets, signals, terminals, and its answers to files it cannot use.
foreach(subject processes laboratory command_line transfers transfer_faults evidence rejudge resume pki security)
  add_test(NAME e2e_${subject} COMMAND node --test ${CMAKE_CURRENT_LIST_DIR}/${subject}.test.js)
  set_tests_properties(e2e_${subject} PROPERTIES
    TIMEOUT 900
    ENVIRONMENT "PLUGPROOF=$<TARGET_FILE:plugproof>")
endforeach()
