# SPDX-License-Identifier: MIT
# aarch64.cmake: the toolchain of the preset aarch64: Debian's cross compiler, the arm64 libraries
# that ci/aarch64 unpacked into the build folder, and qemu to run what comes out.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)

set(root ${CMAKE_CURRENT_LIST_DIR}/../build/aarch64)
set(libraries ${root}/usr/lib/aarch64-linux-gnu)
find_program(HD_QEMU qemu-aarch64)
if(NOT HD_QEMU OR NOT EXISTS ${libraries}/libcmocka.so)
    message(FATAL_ERROR "preset aarch64: qemu or an arm64 library is missing; run ci/aarch64 first")
endif()
set(CMAKE_CROSSCOMPILING_EMULATOR
    ${HD_QEMU} -L /usr/aarch64-linux-gnu
    -E LD_LIBRARY_PATH=${libraries}:${root}/lib/aarch64-linux-gnu)

set(CMAKE_FIND_ROOT_PATH ${root})
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(ENV{PKG_CONFIG_LIBDIR} ${libraries}/pkgconfig)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${root})
