# SPDX-License-Identifier: MIT
# engines.cmake: what a value of HEAPDUEL_ENGINE means.
#   HD_ENGINE_COVERAGE  how code is compiled whose edges the engine is to see
#   HD_ENGINE_EDGES_ALONE  the same, besides, where what is compared is not to be seen
#   HD_ENGINE_LIBRARY   the same for libraries, which are loaded into programs without an engine too
#   HD_ENGINE_PROGRAM   a fuzz target's program is PROGRAM_NAME
#   HD_ENGINE_COUNTERS  the file that shows the engine what has no edges: counters.h
#   HD_ENGINE_PAUSE     the file by which covered code runs without the engine's being told: pause.h
#   hd_driver           what a fuzz target's program links
add_library(hd_driver INTERFACE)
set(HD_LIBRARY_LIBFUZZER -fsanitize-coverage=inline-8bit-counters,pc-table,trace-cmp)
set(HD_LIBRARY_AFL -fsanitize-coverage=trace-pc-guard)

if(HEAPDUEL_ENGINE STREQUAL "none")
    set(HD_ENGINE_PROGRAM replay)
    set(HD_ENGINE_COUNTERS counters_libfuzzer.c) # nobody reads them
    set(HD_ENGINE_PAUSE pause_libfuzzer.c)
    target_sources(hd_driver INTERFACE ${PROJECT_SOURCE_DIR}/harness/fuzz/replay_main.c)
    target_link_libraries(hd_driver INTERFACE hd_coverage_hooks)

elseif(HEAPDUEL_ENGINE STREQUAL "libfuzzer")
    set(HD_ENGINE_COVERAGE -fsanitize=fuzzer-no-link)
    set(HD_ENGINE_EDGES_ALONE -fno-sanitize-coverage=trace-cmp)
    set(HD_ENGINE_LIBRARY ${HD_LIBRARY_LIBFUZZER})
    set(HD_ENGINE_PROGRAM fuzz)
    set(HD_ENGINE_COUNTERS counters_libfuzzer.c)
    set(HD_ENGINE_PAUSE pause_libfuzzer.c)
    target_link_options(hd_driver INTERFACE -fsanitize=fuzzer)

elseif(HEAPDUEL_ENGINE STREQUAL "afl")
    # Plain clang and not afl-cc, which instruments all it compiles: edges of the harness would
    # tell AFL++ of our hash tables, and differ from run to run.
    set(HD_ENGINE_COVERAGE -fsanitize-coverage=trace-pc-guard)
    set(HD_ENGINE_LIBRARY ${HD_LIBRARY_AFL})
    set(HD_ENGINE_PROGRAM afl)
    set(HD_ENGINE_COUNTERS counters_afl.c)
    set(HD_ENGINE_PAUSE pause_afl.c)
    set(folders $ENV{AFL_PATH} /usr/lib/afl /usr/local/lib/afl)
    find_library(HD_AFL_DRIVER AFLDriver HINTS ${folders})
    find_file(HD_AFL_RUNTIME NAMES afl-compiler-rt-64.o afl-compiler-rt.o HINTS ${folders})
    find_program(HD_AFL_FUZZ afl-fuzz)
    if(NOT HD_AFL_DRIVER OR NOT HD_AFL_RUNTIME OR NOT HD_AFL_FUZZ)
        message(FATAL_ERROR
            "HEAPDUEL_ENGINE=afl: libAFLDriver.a, afl-compiler-rt.o or afl-fuzz is not found; "
            "install AFL++ (Debian: afl++), or set AFL_PATH to the folder that holds them")
    endif()
    target_link_libraries(hd_driver INTERFACE ${HD_AFL_RUNTIME} ${HD_AFL_DRIVER})
    # A library built with coverage calls these; one built by afl-clang-fast writes to the map.
    target_link_options(hd_driver INTERFACE
                        "LINKER:--export-dynamic-symbol=__sanitizer_cov_trace_pc_guard*"
                        LINKER:--export-dynamic-symbol=__afl_area_ptr)

else()
    message(FATAL_ERROR "HEAPDUEL_ENGINE is none, libfuzzer or afl, not '${HEAPDUEL_ENGINE}'")
endif()

# Lets the engine see the edges of a library. What is covered links only into fuzz targets.
function(heapduel_cover target)
    target_compile_options(${target} PRIVATE ${HD_ENGINE_COVERAGE})
endfunction()

# The same of an allocator: what it compares tells libFuzzer little of a trace, and takes long.
function(heapduel_cover_allocator target)
    heapduel_cover(${target})
    target_compile_options(${target} PRIVATE ${HD_ENGINE_EDGES_ALONE})
endfunction()
