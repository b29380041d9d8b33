# cmake -DSOURCE=folder -DTARGET=folder -P install_packages.cmake
# Puts the packages that the lock file of SOURCE names into TARGET/node_modules, if they are not there yet.
foreach(program node npm)
  find_program(${program}_path ${program})
  if(NOT ${program}_path)
    message(FATAL_ERROR "'${program}' was not found, so the tests of ${SOURCE} cannot run. "
                        "Install the Debian packages nodejs and npm: apt-get install nodejs npm")
  endif()
endforeach()

set(marker ${TARGET}/node_modules/.installed-from)
file(SHA256 ${SOURCE}/package-lock.json wanted)
if(EXISTS ${marker})
  file(READ ${marker} installed)
  if(installed STREQUAL wanted)
    message(STATUS "The packages of this lock file are installed already")
    return()
  endif()
endif()

foreach(name package.json package-lock.json .npmrc)
  configure_file(${SOURCE}/${name} ${TARGET}/${name} COPYONLY)
endforeach()
execute_process(COMMAND ${npm_path} ci --ignore-scripts WORKING_DIRECTORY ${TARGET} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "'npm ci' in ${TARGET} failed (${status}); its messages above say why")
endif()
file(WRITE ${marker} ${wanted})
