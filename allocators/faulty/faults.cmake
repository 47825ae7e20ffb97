# SPDX-License-Identifier: MIT
# hd_faults(VARIABLE KIND...): the names that stand in faults.def, and in brkmap's that it includes,
# under the kinds given, of FAULT, NEIGHBOUR and UNLOADABLE.
set(HD_FAULTS_DEF ${CMAKE_CURRENT_LIST_DIR}/faults.def
                  ${CMAKE_CURRENT_LIST_DIR}/../brkmap/faults.def)
set_property(DIRECTORY ${PROJECT_SOURCE_DIR} APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
             ${HD_FAULTS_DEF})

function(hd_faults variable)
    list(JOIN ARGN "|" kinds)
    set(names "")
    foreach(file IN LISTS HD_FAULTS_DEF)
        file(STRINGS ${file} lines REGEX "^HD_(${kinds})(_UNDER)?\\([a-z0-9_]+,")
        list(APPEND names ${lines})
    endforeach()
    list(TRANSFORM names REPLACE "^HD_[A-Z_]+\\(([a-z0-9_]+),.*" "\\1")
    set(${variable} ${names} PARENT_SCOPE)
endfunction()
