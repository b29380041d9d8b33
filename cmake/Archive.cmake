# libarchive: writes and reads the evidence bundles.
find_package(LibArchive REQUIRED)
