# SPDX-License-Identifier: MIT
# others_allocators.cmake: the folders of HEAPDUEL_ALLOCATORS, built as part of this build.
include(${CMAKE_CURRENT_LIST_DIR}/heapduel_add_allocator.cmake)
set_property(GLOBAL PROPERTY HEAPDUEL_COVERAGE ${HD_ENGINE_LIBRARY})
set_property(GLOBAL PROPERTY HEAPDUEL_SANITIZE "${HEAPDUEL_SANITIZE}")
set_property(GLOBAL PROPERTY HEAPDUEL_FOLDER ${PROJECT_BINARY_DIR}/lib/heapduel)
set_property(GLOBAL PROPERTY HEAPDUEL_SEEDS ${PROJECT_SOURCE_DIR}/corpus/seeds)
file(STRINGS ${PROJECT_SOURCE_DIR}/allocators/known.def known REGEX "^HD_[A-Z_]+\\([a-z0-9_]+[,)]")
list(TRANSFORM known REPLACE "^HD_[A-Z_]+\\(([a-z0-9_]+).*" "\\1")
set_property(GLOBAL PROPERTY HEAPDUEL_KNOWN ${known})
if(TARGET heapduel)
    set_property(GLOBAL PROPERTY HEAPDUEL_COMMAND heapduel)
elseif(TARGET fuzz_allocator)
    set_property(GLOBAL PROPERTY HEAPDUEL_TARGET fuzz_allocator)
endif()

# A folder that is a project by itself asks for the package: it has it.
set(found ${CMAKE_FIND_PACKAGE_REDIRECTS_DIR})
file(WRITE ${found}/heapduel-config.cmake "set(heapduel_FOUND TRUE)\n")
configure_file(${CMAKE_CURRENT_BINARY_DIR}/heapduelConfigVersion.cmake
               ${found}/heapduel-config-version.cmake COPYONLY)

foreach(folder IN LISTS HEAPDUEL_ALLOCATORS)
    get_filename_component(folder ${folder} ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
    if(NOT EXISTS ${folder}/CMakeLists.txt)
        message(FATAL_ERROR "HEAPDUEL_ALLOCATORS: ${folder} has no CMakeLists.txt")
    endif()
    string(MD5 hash ${folder}) # two folders may have one name
    string(SUBSTRING ${hash} 0 8 hash)
    get_filename_component(name ${folder} NAME)
    add_subdirectory(${folder} ${PROJECT_BINARY_DIR}/others/${name}-${hash})
endforeach()
