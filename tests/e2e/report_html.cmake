# The HTML report in a browser. Chromium is the installed one; the packages come from the lock file, beside the build.
set(e2e_packages ${CMAKE_CURRENT_BINARY_DIR}/e2e)
add_test(NAME e2e_packages
  COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_CURRENT_LIST_DIR} -DTARGET=${e2e_packages}
          -P ${CMAKE_CURRENT_SOURCE_DIR}/install_packages.cmake)
set_tests_properties(e2e_packages PROPERTIES FIXTURES_SETUP e2e_packages TIMEOUT 300)

add_test(NAME e2e_report_html COMMAND node --test ${CMAKE_CURRENT_LIST_DIR}/report_html.test.js)
set_tests_properties(e2e_report_html PROPERTIES
  FIXTURES_REQUIRED e2e_packages
  TIMEOUT 900
  ENVIRONMENT "PLUGPROOF=$<TARGET_FILE:plugproof>;NODE_PATH=${e2e_packages}/node_modules")
