# SPDX-License-Identifier: MIT
# heapduel_add_allocator.cmake: an allocator from its sources, as a library that heapduel loads.
#
# Stands alone: heapduel's own build includes it, and so does the installed package. What it needs
# to know of either is in global properties, as the function is called from any folder:
#   HEAPDUEL_COVERAGE  compile options that let the engine see the library's edges; empty: none
#   HEAPDUEL_SANITIZE  sanitizers, as -fsanitize= takes them; empty: none
#   HEAPDUEL_FOLDER    where libraries are put, and found by name; empty: the caller's binary
#                      folder, and by path
#   HEAPDUEL_KNOWN     names that are taken
#   HEAPDUEL_COMMAND   target of the command, HEAPDUEL_TARGET that of the libFuzzer target; each
#                      empty where there is none
#   HEAPDUEL_SEEDS     the folder of traces that each allocator is tested with

function(_heapduel_check_arguments)
    if(arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "heapduel_add_allocator: what is '${arg_UNPARSED_ARGUMENTS}'?")
    endif()
    if(arg_KEYWORDS_MISSING_VALUES)
        message(FATAL_ERROR "heapduel_add_allocator: ${arg_KEYWORDS_MISSING_VALUES} needs a value")
    endif()
    if(NOT arg_NAME)
        message(FATAL_ERROR "heapduel_add_allocator: NAME is missing")
    endif()
    if(NOT arg_NAME MATCHES "^[A-Za-z0-9_][A-Za-z0-9_+-]*$")
        message(FATAL_ERROR "heapduel_add_allocator: NAME is letters, digits, '_', '+' and '-', "
                            "not '${arg_NAME}'")
    endif()
    if(NOT arg_SOURCES)
        message(FATAL_ERROR "heapduel_add_allocator: ${arg_NAME} has no SOURCES")
    endif()
    get_property(known GLOBAL PROPERTY HEAPDUEL_KNOWN)
    if(arg_NAME IN_LIST known)
        message(FATAL_ERROR "heapduel_add_allocator: heapduel knows an allocator '${arg_NAME}'; give "
                            "yours another NAME")
    endif()
    if(TARGET ${arg_NAME})
        message(FATAL_ERROR "heapduel_add_allocator: there is a target '${arg_NAME}' already; give "
                            "the allocator another NAME")
    endif()
    if(arg_PREFIX AND NOT arg_PREFIX MATCHES "^[A-Za-z_][A-Za-z0-9_]*$")
        message(FATAL_ERROR "heapduel_add_allocator: PREFIX is what the names of ${arg_NAME}'s "
                            "functions begin with, as in my_malloc, not '${arg_PREFIX}'")
    endif()
    if(arg_POLICY AND NOT EXISTS ${arg_POLICY})
        message(FATAL_ERROR "heapduel_add_allocator: ${arg_NAME}'s POLICY ${arg_POLICY} is not "
                            "there")
    endif()
endfunction()

# The seeds replayed and judged by the command; some thousand inputs of the engine.
function(_heapduel_test_allocator name spec policy)
    get_property(command GLOBAL PROPERTY HEAPDUEL_COMMAND)
    get_property(target GLOBAL PROPERTY HEAPDUEL_TARGET)
    get_property(seeds GLOBAL PROPERTY HEAPDUEL_SEEDS)
    if(command)
        set(options "")
        if(policy)
            set(options --policy ${policy})
        endif()
        add_test(NAME allocator.${name}.seeds
                 COMMAND ${command} run -a ${spec} ${options} ${seeds})
    endif()
    if(target)
        set(options "")
        if(policy)
            set(options --policy=${policy})
        endif()
        add_test(NAME allocator.${name}.fuzz
                 COMMAND ${target} --allocator=${spec} ${options} -seed=1 -runs=5000 -max_len=2048)
    endif()
endfunction()

# heapduel_add_allocator(NAME name SOURCES file... [PREFIX prefix] [POLICY file] [NO_TESTS]
#                        [INCLUDE_DIRECTORIES folder...] [COMPILE_DEFINITIONS definition...]
#                        [COMPILE_OPTIONS option...] [LINK_LIBRARIES library...])
#
# The target `name` builds name.so. PREFIX is what the functions' names begin with (my_malloc, ...);
# POLICY a file as `heapduel run --policy` takes it, for the tests.
function(heapduel_add_allocator)
    cmake_parse_arguments(PARSE_ARGV 0 arg "NO_TESTS" "NAME;PREFIX;POLICY"
        "SOURCES;INCLUDE_DIRECTORIES;COMPILE_DEFINITIONS;COMPILE_OPTIONS;LINK_LIBRARIES")
    if(arg_POLICY)
        get_filename_component(arg_POLICY ${arg_POLICY} ABSOLUTE)
    endif()
    _heapduel_check_arguments()
    get_property(coverage GLOBAL PROPERTY HEAPDUEL_COVERAGE)
    get_property(sanitize GLOBAL PROPERTY HEAPDUEL_SANITIZE)
    get_property(folder GLOBAL PROPERTY HEAPDUEL_FOLDER)
    set(named ON) # the programs look there
    if(NOT folder)
        set(named OFF)
        set(folder ${CMAKE_CURRENT_BINARY_DIR})
    endif()

    # Loaded into a process that has libc's malloc already: names are bound to the library's own,
    # and the compiler is to make no calloc of a malloc that is cleared.
    add_library(${arg_NAME} MODULE ${arg_SOURCES})
    target_compile_options(${arg_NAME} PRIVATE -fno-builtin ${coverage})
    target_link_options(${arg_NAME} PRIVATE LINKER:-Bsymbolic)
    if(sanitize)
        target_compile_options(${arg_NAME} PRIVATE
            -fsanitize=${sanitize} -fno-sanitize-recover=all -fno-omit-frame-pointer)
        target_link_options(${arg_NAME} PRIVATE -fsanitize=${sanitize})
    endif()
    target_include_directories(${arg_NAME} PRIVATE ${arg_INCLUDE_DIRECTORIES})
    target_compile_definitions(${arg_NAME} PRIVATE ${arg_COMPILE_DEFINITIONS})
    target_compile_options(${arg_NAME} PRIVATE ${arg_COMPILE_OPTIONS})
    target_link_libraries(${arg_NAME} PRIVATE ${arg_LINK_LIBRARIES})
    set_target_properties(${arg_NAME} PROPERTIES
        PREFIX "" SUFFIX .so POSITION_INDEPENDENT_CODE ON LIBRARY_OUTPUT_DIRECTORY ${folder})

    set(spec ${folder}/${arg_NAME}.so)
    if(named)
        set(spec ${arg_NAME})
    endif()
    if(arg_PREFIX)
        string(APPEND spec :${arg_PREFIX})
    endif()
    message(STATUS "heapduel: allocator ${arg_NAME}: -a ${spec}")
    if(NOT arg_NO_TESTS AND (BUILD_TESTING OR NOT DEFINED BUILD_TESTING))
        _heapduel_test_allocator(${arg_NAME} ${spec} "${arg_POLICY}")
    endif()
endfunction()
