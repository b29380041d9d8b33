# libcurl: what the reference charge point downloads and uploads with.
find_package(CURL REQUIRED)

# cpp-httplib as Debian builds it: a shared library, whose header must see the same switches as the
# library did (they change the layout of its classes).
find_path(HTTPLIB_INCLUDE httplib.h REQUIRED)
find_library(HTTPLIB_LIBRARY cpp-httplib REQUIRED)
add_library(plugproof_httplib INTERFACE)
target_include_directories(plugproof_httplib SYSTEM INTERFACE ${HTTPLIB_INCLUDE})
target_compile_definitions(plugproof_httplib INTERFACE
  CPPHTTPLIB_OPENSSL_SUPPORT CPPHTTPLIB_ZLIB_SUPPORT CPPHTTPLIB_BROTLI_SUPPORT)
target_link_libraries(plugproof_httplib INTERFACE ${HTTPLIB_LIBRARY} OpenSSL::SSL OpenSSL::Crypto Threads::Threads)
